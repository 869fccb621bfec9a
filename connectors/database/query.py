"""Query: the rows that a statement finds, as documents."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from connector_sdk import Document, DocumentError, Operation, Request, setting
from connectors.database import written
from connectors.database.call import Call
from connectors.database.named import NamedInputs
from connectors.database.statement_options import StatementOptions, bound
from connectors.database.tracked import READ

if TYPE_CHECKING:
    from connectors.database.sql.database import Database

log = logging.getLogger(__name__)
Rows = Annotated[int, setting("Rows of a document at most.", ge=1)]
Row = Sequence[Any]


class Query(StatementOptions, Operation["Database"]):
    """Read rows: a JSON document for each, or several in one, in a transaction that cannot change anything.

    Rows are fetched as they are taken, so their number is not limited by memory.
    """

    action = "query"
    inputs: ClassVar[Any] = NamedInputs()
    sets = READ
    permissions = ("SELECT",)
    concurrency = 4

    format: written.Format = setting(
        "JSON (an object, or an array where a document has several rows), one JSON object on each line, or CSV with a "
        "header.",
        "json",
    )
    batch: Rows | Literal["all"] = setting("Rows of a document at most; `all` makes one document of all.", 1)
    max_rows: int | None = setting("Rows to read at most; a warning tells that there are more.", None, ge=1)
    if_empty: Literal["nothing", "document", "fail"] = setting(
        "Where there is no row: no document, one with no rows (an empty array, a header alone), or fail the document.",
        "nothing",
    )
    properties: tuple[str, ...] = setting(
        "Columns of a document's first row that become dynamic document properties; NULL sets none.",
        (),
        examples=[["id", "status"]],
    )
    json_columns: tuple[str, ...] = setting("Columns whose texts are JSON, where the database has no such type.", ())
    fetch_size: int = setting(
        "Rows that are fetched at a time; fewer where rows are very large.", 500, ge=1, le=100_000
    )

    def execute(self, client: Database, request: Request) -> Iterator[Document]:
        call = Call("query", request.runtime)
        values = client.bindable(bound(self, request))
        with client.reading(call, self.sql, values, self.fetch_size) as found:
            self._check(found.names)
            rows = self._limited(self._read(found.names, found))
            first = next(rows, None)
            if first is None and self.if_empty == "fail":
                raise DocumentError("the query found no row", "NoRows")
            if first is not None or self.if_empty == "document":
                yield from self._documents(request, found.names, first, rows)

    def _documents(
        self, request: Request, names: Sequence[str], first: Row | None, rows: Iterator[Row]
    ) -> Iterator[Document]:
        for number in count(1):
            most = None if self.batch == "all" else self.batch - 1
            of_document = _Counted(() if first is None else chain((first,), islice(rows, most)))
            content = written.rows_as(self.format, names, of_document, self.batch != 1 or first is None)
            payload = request.runtime.store(content)
            yield request.output(
                payload,
                self._properties(names, first),
                row_count=of_document.count,
                batch=number,
                columns=",".join(names),
            )
            first = next(rows, None)
            if first is None:
                return

    def _check(self, names: Sequence[str]) -> None:
        for name in (*self.properties, *self.json_columns):
            if name not in names:
                there = ", ".join(map(repr, names))
                raise DocumentError(f"the query has no column {name!r}; it has {there}", "UnknownColumn")

    def _read(self, names: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
        if not self.json_columns:
            return iter(rows)
        return (
            [_as_json(value, name in self.json_columns) for name, value in zip(names, row, strict=True)] for row in rows
        )

    def _limited(self, rows: Iterator[Row]) -> Iterator[Row]:
        yield from islice(rows, self.max_rows)
        if self.max_rows is not None and next(rows, None) is not None:
            log.warning("query: there are more than %d rows; max_rows leaves the others", self.max_rows)

    def _properties(self, names: Sequence[str], row: Row | None) -> dict[str, str]:
        if row is None:
            return {}
        values = dict(zip(names, row, strict=True))
        return {name: written.plain(values[name]) for name in self.properties if values[name] is not None}


class _Counted:
    """Rows, and how many of them were taken."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _as_json(value: Any, is_json: bool) -> Any:
    return written.JsonText(value) if is_json and isinstance(value, str) else value
