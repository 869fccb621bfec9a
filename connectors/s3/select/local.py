"""The local engine: a statement over the records of one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol, TypeAlias

from connector_sdk import DocumentError
from connectors.s3.select.aggregates import Running
from connectors.s3.select.compiler import COMPILERS
from connectors.s3.select.faults import Fault
from connectors.s3.select.format import CsvOutput, JsonOutput
from connectors.s3.select.nesting import aggregates_in
from connectors.s3.select.output import bounded, writer
from connectors.s3.select.predicates import condition
from connectors.s3.select.scope import Evaluate, Scope
from connectors.s3.select.text import MAX_RECORD
from connectors.s3.select.timestamps import SECOND, Timestamp
from connectors.s3.select.tree import Path, Statement

Result: TypeAlias = tuple[Sequence[str], Sequence[Any]]
BLOCK = 64 << 10


class Records(Protocol):
    """The records of an object, one after another; `loose` is the rule for comparing text that has no type."""

    loose: bool

    def __iter__(self) -> Iterator[Any]:
        """Every record."""

    def column(self, path: Path) -> Evaluate:
        """Access to what a path names; DocumentError for a column that cannot be."""

    def fields(self, record: Any) -> Result:
        """Names and values of a whole record."""


def select(statement: Statement, records: Records, output: CsvOutput | JsonOutput) -> Iterator[bytes]:
    """The results as bytes, in blocks; the memory needed does not depend on the number of records."""
    now = Timestamp(datetime.now(UTC), SECOND, 3)
    scope = Scope(statement.text, records.column, records.loose, now, COMPILERS)
    results = _aggregated(statement, records, scope) if statement.aggregated else _plain(statement, records, scope)
    return _written(results, output)


def _written(results: Iterator[Result], output: CsvOutput | JsonOutput) -> Iterator[bytes]:
    write = writer(output)
    block: list[str] = []
    size = 0
    try:
        for names, values in results:
            text = bounded(write(names, values), MAX_RECORD)
            block.append(text)
            size += len(text)
            if size > BLOCK:
                yield "".join(block).encode("utf-8", "backslashreplace")
                block, size = [], 0
    except Fault as fault:
        raise DocumentError(str(fault), fault.code) from fault
    except RecursionError as error:
        raise DocumentError("a record of the object is nested too deep", "JSONParsingError") from error
    yield "".join(block).encode("utf-8", "backslashreplace")


def _plain(statement: Statement, records: Records, scope: Scope) -> Iterator[Result]:
    passing, result = _passing(statement, records, scope), _projection(statement, records, scope)
    return (result(record) for record in islice(passing, statement.limit))


def _passing(statement: Statement, records: Records, scope: Scope) -> Iterator[Any]:
    if statement.where is None:
        return iter(records)
    where = condition(statement.where, scope)
    return (record for record in records if where(record) is True)


def _projection(statement: Statement, records: Records, scope: Scope) -> Callable[[Any], Result]:
    if not statement.items:
        return records.fields
    names = tuple(item.name for item in statement.items)
    values = [scope.placed(item.node.offset, scope.compiled(item.node)) for item in statement.items]
    return lambda record: (names, [value(record) for value in values])


def _aggregated(statement: Statement, records: Records, scope: Scope) -> Iterator[Result]:
    nodes = aggregates_in(tuple(item.node for item in statement.items))
    running = [Running(node, scope) for node in nodes]
    over = replace(scope, totals={node: position for position, node in enumerate(nodes)})
    passing, result = _passing(statement, records, scope), _projection(statement, records, over)
    return islice(_totals(passing, running, result), statement.limit)


def _totals(passing: Iterator[Any], running: list[Running], result: Callable[[Any], Result]) -> Iterator[Result]:
    for record in passing:
        for each in running:
            each.add(record)
    yield result([each.result for each in running])
