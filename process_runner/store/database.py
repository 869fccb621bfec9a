"""The database behind the store: SQLite or PostgreSQL, opened once for each run and safe for many of them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url

from connector_sdk import ConfigError, ProcessError
from process_runner.store import tables
from process_runner.store.location import is_url, make_private

WAIT = 30.0
"""Seconds to wait for another run that is writing."""
_PAUSE = 0.01
_CREATING = 7_261_305_118
"""The key of the lock under which runs create the tables on PostgreSQL."""
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database:
    """A store's tables, created where they are missing. ConfigError for a URL that cannot work."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        self._shown = parsed.render_as_string(hide_password=True)
        if parsed.drivername == "sqlite":
            self._prepare(parsed)
        self._engine = _engine(parsed)
        with self.transaction() as connection:
            _create(connection, self._shown)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes are kept together or not at all; ProcessError where the store fails."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sql.exc.SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise ProcessError(f"the store {self._shown} failed: {reason}", "StoreFailed") from error

    def insert(self, table: sql.Table) -> Any:
        """An insert into the table that may say what happens where the row is there already."""
        return _INSERTS[self._engine.dialect.name](table)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _prepare(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ConfigError(f"the store {self._shown} names no file; write sqlite:///PATH")
        try:
            make_private(Path(url.database))
        except OSError as error:
            raise ConfigError(f"the store {self._shown} cannot be created: {error.strerror}") from error


def _parsed(url: str) -> URL:
    known = "known: sqlite:///PATH and postgresql://USER:PASSWORD@HOST/DATABASE"
    if not is_url(url):
        raise ConfigError(f"the store is chosen by a URL; {known}")
    try:
        parsed = make_url(url)
    except (sql.exc.ArgumentError, ValueError) as error:
        raise ConfigError(f"the URL of the store cannot be read; {known}") from error
    kind = parsed.drivername.partition("+")[0]
    if kind not in ("sqlite", "postgresql", "postgres"):
        raise ConfigError(f"no store of the kind '{kind}'; {known}")
    return parsed.set(drivername="sqlite" if kind == "sqlite" else "postgresql+psycopg")


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        try:
            return sql.create_engine(url, pool_size=1, max_overflow=4)
        except ImportError as error:
            raise ConfigError("PostgreSQL is not installed; run: pip install 'process-runner[postgres]'") from error
    engine = sql.create_engine(url, connect_args={"timeout": WAIT}, poolclass=sql.NullPool)
    sql.event.listen(engine, "connect", _configure)
    sql.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _configure(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, at once for writing
    deadline = time.monotonic() + WAIT
    # unlike a transaction, the change of mode in a new file is refused at once while another run is at it
    while not _in_wal_mode(connection, time.monotonic() > deadline):
        time.sleep(_PAUSE)


def _in_wal_mode(connection: Any, last: bool) -> bool:
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _create(connection: Connection, shown: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_CREATING)))
    if not sql.inspect(connection).has_table(tables.VERSIONS.name):
        tables.METADATA.create_all(connection)
        connection.execute(tables.VERSIONS.insert().values(version=tables.VERSION))
        return
    version = connection.execute(sql.select(tables.VERSIONS.c.version)).scalar_one()
    if version > tables.VERSION:
        raise ConfigError(
            f"the store {shown} has version {version}, this runner knows up to {tables.VERSION}; "
            "upgrade process-runner, or choose another store with --store"
        )
