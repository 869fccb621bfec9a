"""Changes of a table by the rows of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Any

from sqlalchemy.engine import Connection

from connector_sdk import Document, DocumentError
from connectors.database import written
from connectors.database.batches import Job
from connectors.database.columns import Bind, Column, for_others, for_postgresql, for_sqlite
from connectors.database.rows import Row, rows
from connectors.database.sql import statements
from connectors.database.sql.tables import Table
from connectors.database.table_options import TableOptions

Bound = tuple[tuple[str, ...], tuple[Any, ...]]
"""The columns that a row names, and what is bound for them."""
AT_ONCE = 1000
HELD = 1 << 20
"""Rows, and about as many characters, that one call of the driver gets."""
BINDS: Mapping[str, Bind] = {"sqlite": for_sqlite, "postgresql": for_postgresql}


@dataclass(frozen=True)
class Manner:
    """How rows change the table. `keys` have to be in every row, `required` columns too; `only` the keys are sent.

    `exact` counts the rows that each document changed; `found` fails one that changed fewer than it has.
    """

    keys: tuple[str, ...] = ()
    required: bool = False
    only_keys: bool = False
    exact: bool = False
    found: bool = False
    returning: tuple[str, ...] = ()


class TableChange:
    """One statement for each set of columns, filled by the rows of documents."""

    def __init__(self, kind: str, table: Table, options: TableOptions, build: statements.Build, manner: Manner) -> None:
        self._table = table
        self._options = options
        self._build = build
        self._manner = manner
        self._bind = BINDS.get(kind, for_others)
        self._statements: dict[tuple[str, ...], Any] = {}
        for name in (*manner.keys, *manner.returning):
            if name not in table.columns:
                raise DocumentError(self._unknown(name), "UnknownColumn")

    def prepare(self, job: Job) -> None:
        """Read and check the rows."""
        job.rows = list(self._read(job))

    def apply(self, connection: Connection, jobs: list[Job]) -> None:
        """Send the rows: of all documents together where nothing is asked of each."""
        if self._manner.exact or self._manner.returning:
            for job in jobs:
                self._apply_one(connection, job)
            return
        for names, chunk in _chunks(chain.from_iterable(_counted(job, self._rows(job)) for job in jobs)):
            connection.execute(self._statement(names), [_named(values) for values in chunk])

    def answer(self, job: Job) -> list[Document]:
        """A document that says what was changed."""
        described = {"table": self._options.table, "row_count": job.count}
        if self._manner.returning:
            described["returned"] = job.returned
        content = written.json_text(described)
        return [job.request.output(content, table=self._options.table, row_count=job.count)]

    def _apply_one(self, connection: Connection, job: Job) -> None:
        sent = missed = 0
        for names, chunk in _chunks(self._rows(job), 1 if self._one_by_one else AT_ONCE):
            changed = self._changed(connection, names, chunk, job)
            job.count += changed
            missed += max(len(chunk) - changed, 0)
            sent += len(chunk)
        if self._manner.found and missed:
            raise DocumentError(
                f"{missed} of {sent} rows are not in table {self._options.table!r}; if_missing: ignore lets them be",
                "NoSuchRow",
            )

    @property
    def _one_by_one(self) -> bool:
        """Whether each row has to be sent alone: to get columns back, or where a sum of counts may deceive."""
        unique = bool(self._table.keys) and set(self._table.keys) <= set(self._manner.keys)
        return bool(self._manner.returning) or (self._manner.found and not unique)

    def _changed(
        self, connection: Connection, names: tuple[str, ...], chunk: Sequence[tuple[Any, ...]], job: Job
    ) -> int:
        """How many rows of the table these changed; what they give back is kept with the job."""
        # SQLAlchemy forgets the count of an INSERT unless it is asked for
        asked = connection.execution_options(preserve_rowcount=True)
        result = asked.execute(self._statement(names), [_named(values) for values in chunk])
        if not self._manner.returning:
            return max(result.rowcount, 0)
        given = [dict(zip(self._manner.returning, row, strict=True)) for row in result]
        job.returned += given
        return len(given)

    def _rows(self, job: Job) -> Iterable[Bound]:
        return self._read(job) if job.rows is None else job.rows

    def _read(self, job: Job) -> Iterator[Bound]:
        options = self._options
        found = rows(job.request.document.payload, options.format, options.delimiter, options.null)
        for number, row in enumerate(found, 1):
            yield self._bound(row, number)

    def _bound(self, row: Row, number: int) -> Bound:
        names = tuple(name for name in row if self._takes(name, number))
        for name in self._manner.keys:
            if row.get(name) is None:
                raise DocumentError(f"row {number} has no value for the key {name!r}", "MissingKey")
        if self._manner.required and (missing := next(self._missing(row), None)):
            table = f"which table {self._options.table!r} needs"
            raise DocumentError(f"row {number} has no value for the column {missing.name!r}, {table}", "MissingColumn")
        if len(names) <= (0 if self._manner.only_keys or self._manner.required else len(self._manner.keys)):
            raise DocumentError(f"row {number} has nothing to write", "EmptyRow")
        typed = self._options.format == "json"
        columns = self._table.columns
        return names, tuple(self._bind(row[name], columns[name], typed) for name in names)

    def _takes(self, name: str, number: int) -> bool:
        if name in self._table.columns:
            return not self._manner.only_keys or name in self._manner.keys
        if self._options.unknown_columns == "ignore" or self._manner.only_keys:
            return False
        raise DocumentError(f"row {number}: {self._unknown(name)}", "UnknownColumn")

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self._table.columns, 1)
        there = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(map(repr, self._table.columns))}"
        return f"table {self._options.table!r} has no column {name!r}; {there}"

    def _missing(self, row: Row) -> Iterator[Column]:
        return (each for each in self._table.columns.values() if each.required and row.get(each.name) is None)

    def _statement(self, names: tuple[str, ...]) -> Any:
        if names not in self._statements:
            made = self._build(self._table, names)
            given = self._manner.returning
            self._statements[names] = statements.returning(made, self._table, given) if given else made
        return self._statements[names]


def _counted(job: Job, found: Iterable[Bound]) -> Iterator[Bound]:
    for row in found:
        job.count += 1
        yield row


def _chunks(found: Iterable[Bound], most: int = AT_ONCE) -> Iterator[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Consecutive rows with the same columns, as many as one call of the driver gets."""
    chunk: list[tuple[Any, ...]] = []
    before: tuple[str, ...] = ()
    size = 0
    for names, values in found:
        if chunk and (names != before or len(chunk) == most or size > HELD):
            yield before, chunk
            chunk, size = [], 0
        before = names
        chunk.append(values)
        size += sum(len(each) for each in values if isinstance(each, (str, bytes)))
    if chunk:
        yield before, chunk


def _named(values: Sequence[Any]) -> dict[str, Any]:
    return {statements.bind(number): value for number, value in enumerate(values)}
