"""Reading values out of a document's content: text, JSON, XML, CSV. Parsed once per document, however often asked."""

from __future__ import annotations

import csv
import functools
import json
from codecs import BOM_UTF8
from typing import Any

from connector_sdk import Document, DocumentError
from process_runner.expressions.values import missing

LARGEST = 64 << 20
"""Bytes an expression reads; larger documents are split first, so that memory stays bounded."""


class Content:
    """What was read from the current document; `forget` when another one comes."""

    def __init__(self) -> None:
        self.read: dict[str, Any] = {}

    def forget(self) -> None:
        """Start with a new document."""
        self.read.clear()

    def text(self, document: Document) -> str:
        """The content as UTF-8."""
        found: str | None = self.read.get("text")
        if found is None:
            found = self.read["text"] = text(document)
        return found

    def value(self, document: Document) -> Any:
        """The content as a JSON value; DocumentError with line and column where it is none."""
        if "json" not in self.read:
            self.read["json"] = _json(self.text(document))
        return self.read["json"]

    def json(self, document: Document, path: str) -> Any:
        """The value at a JMESPath; what is missing where there is none."""
        found = search(path, self.value(document))
        if found is None:
            return missing(f"nothing at '{path}' in the document's JSON; {_outline(self.read['json'])}")
        return found

    def xml(self, document: Document, path: str) -> Any:
        """What an XPath finds: a text, a number, or a list of texts; what is missing where it finds nothing."""
        from process_runner.formats import xml_document

        if "xml" not in self.read:
            self.read["xml"] = xml_document.parse(content(document))
        found = xml_document.find(self.read["xml"], path)
        return missing(f"nothing at '{path}' in the document's XML") if found is None else found

    def csv(self, document: Document, column: str, delimiter: str) -> Any:
        """A column of a CSV of one record; what is missing where there is no such column."""
        key = f"csv{delimiter}"
        if key not in self.read:
            self.read[key] = _record(self.text(document), delimiter)
        record = self.read[key]
        if column not in record:
            return missing(f"no column '{column}' in the document; it has {', '.join(record)}")
        return record[column]


def text(document: Document) -> str:
    """A document's content as UTF-8; DocumentError where it is none, or too large."""
    try:
        return content(document).removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        where = f"byte {error.start} does not fit"
        raise DocumentError(f"the document is not UTF-8 text: {where}", "NotText") from error


def content(document: Document) -> bytes:
    """A document's bytes; DocumentError where they are too many for an expression."""
    if document.payload.size > LARGEST:
        sizes = f"{document.payload.size:,} bytes; expressions read at most {LARGEST:,}"
        raise DocumentError(f"the document has {sizes}; split it first", "TooLarge")
    return document.payload.read()


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise DocumentError(f"the document is not JSON: {where}", "InvalidJson") from error
    except ValueError as error:
        raise DocumentError(f"the document is not JSON: {str(error).partition(';')[0]}", "InvalidJson") from error
    except RecursionError as error:
        raise DocumentError("the document's JSON is nested too deeply", "InvalidJson") from error


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _record(text: str, delimiter: str) -> dict[str, str]:
    rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if row]
    if len(rows) != 2:
        found = f"the document has {max(len(rows) - 1, 0)} records"
        raise DocumentError(f"csv() reads a header and one record, {found}; split it first", "InvalidCsv")
    return dict(zip(rows[0], rows[1], strict=False))


@functools.lru_cache(maxsize=1024)
def compiled(path: str) -> Any:
    """A JMESPath with its `search`; DocumentError where it is none."""
    import jmespath

    try:
        return jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as error:
        raise DocumentError(f"'{path}' is no JMESPath: {str(error).splitlines()[0]}", "InvalidPath") from error


def search(path: str, value: Any) -> Any:
    """What a JMESPath finds in a value, or None; DocumentError where a function in it does not fit the value."""
    expression = compiled(path)
    try:
        return expression.search(value)
    except (ArithmeticError, TypeError, ValueError, RecursionError) as error:  # JMESPathError is a ValueError
        raise DocumentError(f"'{path}' cannot be computed: {str(error).splitlines()[0]}", "PathFailed") from error


def kind(value: Any) -> str:
    """What a JSON value is, for messages; the value itself may be a secret."""
    if isinstance(value, str | list):
        return "a text" if isinstance(value, str) else "a list"
    return "null" if value is None else "true or false" if isinstance(value, bool) else "a number"


def _outline(value: Any) -> str:
    if isinstance(value, dict):
        return f"at the top are {', '.join(list(value)[:12])}" if value else "it is an empty object"
    return f"it is a list of {len(value)}" if isinstance(value, list) else f"it is {kind(value)}"
