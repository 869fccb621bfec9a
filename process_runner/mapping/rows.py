"""Where mappings read: a document as JSON, or as the rows of a CSV, asked with JMESPath."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any, Literal

from connector_sdk import DocumentError, Parsed
from process_runner.expressions import Absent, Scope
from process_runner.expressions.content import compiled, search

From = Literal["json", "csv"]


def found(scope: Scope, form: From, delimiter: str, path: str) -> Any:
    """The value at a JMESPath in the document; a CSV is a list of mappings from column to text."""
    if form == "json":
        value = scope.json(path)
        if isinstance(value, Absent):
            from process_runner.expressions.environment import why

            raise DocumentError(why(value), "PathNotFound")
        return value
    value = search(path, _records(scope.text(), delimiter))
    if value is None:
        raise DocumentError(f"nothing at '{path}' in the document's rows", "PathNotFound")
    return value


def _records(text: str, delimiter: str) -> list[dict[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [row for row in reader if row]
    except csv.Error as error:
        raise DocumentError(f"the document is no CSV: line {reader.line_num}: {error}", "InvalidCsv") from error
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(rows[0]):
            facts = f"record {number} has {len(row)} fields, the header {len(rows[0])}"
            raise DocumentError(f"the document is no CSV: {facts}", "InvalidCsv")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _load(written: Any, _: Any) -> str:
    try:
        compiled(str(written))
    except DocumentError as error:
        raise ValueError(str(error)) from error  # settings collect ValueError
    return str(written)


JmesPath = Annotated[str, Parsed({"type": "string", "minLength": 1, "examples": ["orders[].id"]}, _load)]
"""A setting that is a JMESPath."""
