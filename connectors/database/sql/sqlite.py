"""SQLite: a file that is there, transactions that begin where we say, and waits that can be ended."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sql
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import QueuePool

from connector_sdk import ConfigError, Runtime
from connectors.database.connection import DatabaseConnection

WRITES = "database_writes"
"""The execution option of a connection whose transaction is to change something."""
SLICE = 0.25
"""Seconds that one attempt to begin waits for other writers, so that a run can be ended meanwhile."""
STEPS = 50_000
"""Steps of SQLite's machine between two looks at whether to go on: some milliseconds."""


def engine(url: URL, settings: DatabaseConnection, runtime: Runtime, **pool: Any) -> Engine:
    """An engine over the file; ConfigError where it is missing."""
    path = _file(url, settings)
    mode = "ro" if settings.read_only else "rwc" if settings.create else "rw"
    uri = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # SQLAlchemy hands a connection from thread to thread, never to two at once
        return sqlite3.connect(
            uri, uri=True, timeout=settings.lock_timeout, isolation_level=None, check_same_thread=False
        )

    made = sql.create_engine("sqlite://", creator=connect, poolclass=QueuePool, **pool)
    _Patience(settings, runtime).listen(made)
    return made


def _file(url: URL, settings: DatabaseConnection) -> Path:
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:") or url.query:
        raise ConfigError("SQLite needs a file: write sqlite:///PATH, without anything behind it", ("url",))
    path = Path(name).expanduser().absolute()
    if not path.exists() and not settings.create:
        raise ConfigError(f"the SQLite file {name!r} does not exist; correct its path, or set create: true")
    if path.is_dir() or not path.parent.is_dir():
        raise ConfigError(f"{name!r} cannot be a SQLite file: it is a folder, or its folder is missing")
    return path


class _Patience:
    """How long statements and locks are waited for."""

    def __init__(self, settings: DatabaseConnection, runtime: Runtime) -> None:
        self._settings = settings
        self._runtime = runtime

    def listen(self, engine: Engine) -> None:
        """Take charge of the engine's connections."""
        sql.event.listen(engine, "connect", self._connected)
        sql.event.listen(engine, "begin", self._begin)
        sql.event.listen(engine, "before_cursor_execute", self._executing)

    def _connected(self, connection: sqlite3.Connection, record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        record.info["until"] = None
        connection.set_progress_handler(lambda: self._over(record.info["until"]), STEPS)

    def _over(self, until: float | None) -> bool:
        return self._runtime.stopping or (until is not None and time.monotonic() > until)

    def _executing(self, connection: Connection, *_: Any) -> None:
        if self._settings.statement_timeout is not None:
            connection.info["until"] = time.monotonic() + self._settings.statement_timeout

    def _begin(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        if writes:
            self._begin_writing(driver)
        else:
            connection.exec_driver_sql("BEGIN")

    def _begin_writing(self, driver: sqlite3.Connection) -> None:
        """Claim the right to write at once, so that no reader has to become a writer where another one is."""
        patient, until = self._settings.lock_timeout, time.monotonic() + self._settings.lock_timeout
        driver.execute(f"PRAGMA busy_timeout={int(min(SLICE, patient) * 1000)}")
        try:
            while not _begun(driver, last=time.monotonic() > until):
                self._runtime.check()
        finally:
            driver.execute(f"PRAGMA busy_timeout={int(patient * 1000)}")


def _begun(driver: sqlite3.Connection, last: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
