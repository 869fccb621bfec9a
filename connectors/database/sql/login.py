"""Login: who we are to the database, and what we may."""

from __future__ import annotations

import os
from dataclasses import dataclass

import sqlalchemy as sql
from sqlalchemy.engine import Connection

OLDEST = {"sqlite": (3, 24), "postgresql": (9, 5)}
"""The versions that brought ON CONFLICT."""
RIGHTS = """
SELECT count(*), count(*) FILTER (WHERE readable), count(*) FILTER (WHERE writable) FROM (
    SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
        has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE') AS writable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
        AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
) AS seen
"""


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are, and how many tables and views there are, can be read and can be written."""

    user: str
    version: str
    has_upsert: bool
    is_read_only: bool
    tables: int
    readable: int
    writable: int


def login(connection: Connection) -> Login:
    """What the database says of this login."""
    kind = connection.dialect.name
    version = tuple(part for part in connection.dialect.server_version_info or () if isinstance(part, int))
    shown = f"{kind} {'.'.join(map(str, version))}"
    has_upsert = version >= OLDEST.get(kind, ())
    if kind == "postgresql":
        user, standby = connection.execute(sql.text("SELECT current_user, pg_is_in_recovery()")).one()
        counts = connection.execute(sql.text(RIGHTS)).one()
        return Login(user, shown, has_upsert, standby, *counts)
    inspector = sql.inspect(connection)
    count = len(inspector.get_table_names()) + len(inspector.get_view_names())
    if kind == "sqlite":
        (_, _, path), *_ = connection.exec_driver_sql("PRAGMA database_list").all()
        is_writable = os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)
        return Login("", shown, has_upsert, not is_writable, count, count, count)
    return Login(str(connection.engine.url.username or ""), shown, has_upsert, False, count, count, count)
