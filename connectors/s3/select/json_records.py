"""Records of a JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from connector_sdk import DocumentError
from connectors.s3.select.format import JsonInput
from connectors.s3.select.json_stream import stream_rows
from connectors.s3.select.nested import expand, reader
from connectors.s3.select.scope import Evaluate
from connectors.s3.select.text import Source, pieces
from connectors.s3.select.tree import Name, Path, Statement, Step


class JsonRecords:
    """Values of any type, one for each row that the FROM clause makes."""

    loose = False

    def __init__(self, source: Source, written: JsonInput, statement: Statement) -> None:
        self._source = source
        self._written = written
        self._from = statement.source

    def __iter__(self) -> Iterator[Any]:
        if self._written.type == "document":
            return stream_rows(self._source, self._from.steps)
        return (row for value in _lines(self._source) for row in expand(value, self._from.steps))

    def column(self, path: Path) -> Evaluate:
        """Access to the value that a path leads to from a row."""
        return reader(within(path, self._from.names))

    def fields(self, record: Any) -> tuple[Sequence[str], Sequence[Any]]:
        """Names and values of a whole row; a row that is not an object is one field."""
        if type(record) is dict:
            return list(record), list(record.values())
        return ("_1",), (record,)


def within(path: Path, names: tuple[Name, ...]) -> tuple[Step, ...]:
    """The steps of a path without the name of the record in front."""
    first = path.steps[0]
    if any(isinstance(first, Name) and (first.matches(name.text) or name.matches(first.text)) for name in names):
        return path.steps[1:]
    return path.steps


def _lines(source: Source) -> Iterator[Any]:
    decode = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant).decode
    for number, line in enumerate(pieces(source, "\n"), 1):
        if not line or line.isspace():
            continue
        try:
            yield decode(line)
        except ValueError as error:
            raise _broken(number, getattr(error, "msg", "a number is too long")) from error
        except RecursionError as error:
            raise DocumentError(f"line {number} of the object is nested too deep", "JSONParsingError") from error


def _broken(number: int, reason: str) -> DocumentError:
    hint = "" if number > 1 else "; if the object is not one record on each line, use type: document"
    return DocumentError(f"line {number} of the object is not JSON: {reason}{hint}", "JSONParsingError")


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
