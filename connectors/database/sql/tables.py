"""Tables: their columns as the database describes them, looked up once."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from connector_sdk import ApplicationError
from connectors.database.call import Call
from connectors.database.columns import Column, Family

if TYPE_CHECKING:
    from connectors.database.sql.database import Database

FAMILIES: tuple[tuple[type[Any], Family], ...] = (
    (sql.JSON, "json"),
    (sql.ARRAY, "array"),
    (sql.Boolean, "boolean"),
    (sql.Integer, "integer"),
    (sql.Numeric, "number"),
    (sql.LargeBinary, "binary"),
    (sql.DateTime, "timestamp"),
    (sql.Date, "date"),
    (sql.Time, "time"),
    (sql.String, "text"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view: its columns by name, and its primary key."""

    name: str
    schema: str | None
    columns: dict[str, Column]
    keys: tuple[str, ...]

    @property
    def clause(self) -> sql.TableClause:
        """The table as statements name it; every name is quoted where it has to be."""
        return sql.table(self.name, *(sql.column(each) for each in self.columns), schema=self.schema)


class Tables:
    """What is known of tables so far. Safe for threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Table] = {}
        self._lock = threading.Lock()

    def find(self, call: Call) -> Table:
        """The table of the call: `table`, or `schema.table`; ApplicationError if there is none."""
        with self._lock:
            if call.table not in self._known:
                self._known[call.table] = self._database.ask(call, lambda each: self._described(each, call))
            return self._known[call.table]

    def _described(self, connection: Connection, call: Call) -> Table:
        with warnings.catch_warnings():
            # a type that SQLAlchemy does not know is none of the user's concern: texts are sent for it
            warnings.simplefilter("ignore", sql.exc.SAWarning)
            return self._read(connection, call)

    def _read(self, connection: Connection, call: Call) -> Table:
        inspector = sql.inspect(connection)
        for schema, name in _readings(call.table, self._database.connection.db_schema):
            try:
                columns = inspector.get_columns(name, schema=schema)
            except sql.exc.NoSuchTableError:
                continue
            found = {each["name"]: _column(each) for each in columns}
            keys = inspector.get_pk_constraint(name, schema=schema)["constrained_columns"]
            return Table(name, schema, found, tuple(keys))
        near = get_close_matches(call.table, names(connection, self._database), 1)
        hint = f"did you mean {near[0]!r}?" if near else "`process-runner browse` lists those that the login can see"
        raise ApplicationError(f"{call} failed: there is no such table; {hint}", "42P01")


def names(connection: Connection, database: Database) -> list[str]:
    """Every table and view, with its schema where it is not the connection's own."""
    inspector = sql.inspect(connection)
    own = database.connection.db_schema or inspector.default_schema_name
    found = []
    for schema in inspector.get_schema_names():
        if schema == "information_schema":
            continue
        for name in (*inspector.get_table_names(schema), *inspector.get_view_names(schema)):
            found.append(name if schema == own else f"{schema}.{name}")
    return sorted(found)


def _readings(written: str, schema: str | None) -> Iterator[tuple[str | None, str]]:
    """What a name may mean: a table with a dot in its name, or one of another schema."""
    yield schema, written
    before, dot, after = written.partition(".")
    if dot and before and after:
        yield before, after


def _column(facts: Any) -> Column:
    kind = facts["type"]
    given = facts.get("default") is not None or facts.get("identity") or facts.get("computed")
    filled = bool(given) or facts.get("autoincrement") is True
    family: Family = next((family for known, family in FAMILIES if isinstance(kind, known)), "other")
    return Column(facts["name"], family, required=not facts["nullable"] and not filled)
