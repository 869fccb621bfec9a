"""Database: opens connections, keeps transactions whole, and repeats what the database undid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sql
from sqlalchemy.engine import URL, Connection, Engine

from connector_sdk import ConfigError, DocumentError, ProcessError, Runtime
from connectors.database import columns, named
from connectors.database.call import Call
from connectors.database.connection import DatabaseConnection
from connectors.database.failures import explained, unknown_outcome
from connectors.database.retries import Failed, climb
from connectors.database.sql import faults, postgres, sqlite, tables
from connectors.database.sql.address import address, not_installed
from connectors.database.sql.rows import Rows, distinct
from connectors.database.sql.watch import Watch

Answer = TypeVar("Answer")
A_DAY = 86_400.0
"""Seconds to wait for a connection of the pool: those before are at work, and their statements have limits."""


class Database:
    """What operations call the database through. Safe for threads."""

    def __init__(self, connection: DatabaseConnection, runtime: Runtime) -> None:
        self.connection = connection
        self.runtime = runtime
        self._url = address(connection)
        self.tables = tables.Tables(self)
        self._engine = self._made(self._url)
        self._watch = Watch(runtime, postgres.cancel)

    @property
    def kind(self) -> str:
        """The kind of database, such as `postgresql`."""
        return self._engine.dialect.name

    @cached_property
    def shown(self) -> str:
        """The address, without a password."""
        if self.kind == "sqlite":
            return str(self._url.database)
        place = f"{self._url.host}:{self._url.port}" if self._url.port else str(self._url.host)
        return f"{self.kind} {self._url.database} at {place}"

    def run(self, call: Call, work: Callable[[Connection], Answer]) -> Answer:
        """What `work` gives, done in one transaction and committed; again from its start where that was undone.

        Raises ApplicationError for a refusal, DocumentError where every retry failed or where nobody can know whether
        it was committed, ProcessError for a refused login, Cancelled. Nothing is changed then, but for the unknown.
        """
        if self.connection.read_only:
            raise ProcessError(f"{call}: the connection is read_only", "25006")
        return climb(iter(self.connection.retry.waits), call, lambda: self._attempt(call, work))

    @contextmanager
    def reading(self, call: Call, text: str, values: Mapping[str, Any], size: int) -> Iterator[Rows]:
        """The rows of a query, fetched `size` at a time while they are taken, in a transaction that only reads."""
        try:
            with ExitStack() as stack:
                waits = iter(self.connection.retry.waits)
                yield climb(waits, call, lambda: stack.enter_context(self._opened(call, text, values, size)))
        except Failed as error:
            raise explained(call, error.failure) from error

    def ask(self, call: Call, question: Callable[[Connection], Answer], retries: int | None = None) -> Answer:
        """What `question` gives, in a transaction that only reads; `retries` is the most of them."""

        def attempt() -> Answer:
            with self._connected(writes=False) as connection:
                return question(connection)

        return climb(iter(self.connection.retry.waits[:retries]), call, attempt)

    def bindable(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the driver takes them, where no column says what they are to be."""
        convert = columns.native if self.kind == "sqlite" else columns.nested
        return {name: convert(value) for name, value in values.items()}

    def execute(
        self, connection: Connection, call: Call, text: str, values: Mapping[str, Any]
    ) -> tuple[int, list[dict[str, Any]]]:
        """Run a statement: how many rows it changed or gave back, and those that it gave."""
        result = connection.execute(sql.text(named.escaped(text)), dict(values))
        if not result.returns_rows:
            return max(result.rowcount, 0), []
        names = distinct(call, list(result.keys()))
        given = [dict(zip(names, row, strict=True)) for row in result]
        return len(given), given

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What a statement may raise and `refusal` understands."""
        return faults.ERRORS

    def refusal(self, call: Call, error: Exception) -> DocumentError:
        """Why one document fails; what is not its fault is raised again, so that the transaction is."""
        if isinstance(error, DocumentError):
            return error
        self.runtime.check()
        failure = faults.failure(error)
        refused = explained(call, failure)
        if failure.transient or not isinstance(refused, DocumentError):
            raise error
        return refused

    def table_names(self) -> Iterator[str]:
        """Every table and view that can be named, with its schema where it is not the connection's own."""
        return iter(self.ask(Call("browse", self.runtime), lambda connection: tables.names(connection, self), 1))

    def close(self) -> None:
        """Close every connection."""
        self._watch.close()
        self._engine.dispose()

    def _attempt(self, call: Call, work: Callable[[Connection], Answer]) -> Answer:
        with self._connected(writes=True) as connection:
            answer = work(connection)
            self.runtime.check()
            try:
                connection.commit()
            except faults.ERRORS as error:
                failure = faults.failure(error)
                lost = failure.code == faults.LOST or getattr(error, "connection_invalidated", False)
                if lost and not call.repeatable:
                    raise unknown_outcome(call, failure) from error
                raise
            return answer

    @contextmanager
    def _opened(self, call: Call, text: str, values: Mapping[str, Any], size: int) -> Iterator[Rows]:
        with self._connected(writes=False) as connection:
            streams = named.is_select(text)
            able = connection.execution_options(stream_results=streams, max_row_buffer=size)
            with closing(able.execute(sql.text(named.escaped(text)), dict(values))) as result:
                yield Rows(call, result, size)

    @contextmanager
    def _connected(self, writes: bool) -> Iterator[Connection]:
        """A connection in a transaction that is undone at the end unless the block commits it; Failed."""
        options = {sqlite.WRITES: writes} if self.kind == "sqlite" else {}
        if self.kind == "postgresql":
            options["postgresql_readonly"] = not writes or self.connection.read_only
        try:
            with self._engine.connect().execution_options(**options) as connection, self._watched(connection):
                yield connection
        except faults.ERRORS as error:
            raise Failed(faults.failure(error)) from error

    def _watched(self, connection: Connection) -> AbstractContextManager[None]:
        if self.kind != "postgresql":
            return nullcontext()
        return self._watch.over(connection.connection.driver_connection)

    def _made(self, url: URL) -> Engine:
        pool = {
            "pool_size": self.connection.pool_size,
            "max_overflow": 0,
            "pool_timeout": A_DAY,
            "hide_parameters": True,
        }
        try:
            if url.drivername == "sqlite":
                return sqlite.engine(url, self.connection, self.runtime, **pool)
            pool |= {"pool_pre_ping": True}
            if url.drivername.startswith("postgresql"):
                return postgres.engine(url, self.connection, **pool)
            _refuse_promises(url, self.connection)
            return sql.create_engine(url, **pool)
        except ImportError as error:
            raise not_installed(url) from error
        except (sql.exc.ArgumentError, TypeError) as error:
            raise ConfigError(f"the address of the database cannot be used: {type(error).__name__}") from error


def _refuse_promises(url: URL, settings: DatabaseConnection) -> None:
    """ConfigError for a setting that only databases keep which this connector knows well."""
    for name in ("read_only", "isolation", "statement_timeout"):
        if getattr(settings, name):
            kind = url.drivername.partition("+")[0]
            raise ConfigError(f"{name} works for sqlite and postgresql; for {kind}, set it in the database", (name,))
