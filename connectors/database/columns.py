"""Columns: what a document's value becomes before a table gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from connector_sdk import DocumentError
from connectors.database import values, written

Family = Literal[
    "text", "integer", "number", "boolean", "date", "time", "timestamp", "binary", "json", "array", "other"
]
Bind = Callable[[Any, "Column", bool], Any]
"""A value, its column, whether the document has types (JSON) or texts alone (CSV) -> what the driver gets."""
LARGEST = 1 << 63
DIGITS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `required` where a row must name it."""

    name: str
    family: Family
    required: bool = False


def for_sqlite(value: Any, column: Column, typed: bool) -> Any:
    """SQLite takes numbers, texts and bytes, and turns texts into what the column is."""
    if value is None or isinstance(value, (bytes, str)):
        return _read(value, column) if column.family == "binary" else _json(value, column, typed)
    if column.family in ("text", "json"):
        return written.json_text(value) if column.family == "json" else written.plain(value)
    return native(value)


def native(value: Any) -> Any:
    """A value of a document for SQLite where no column says what it is to be."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        return str(value)
    if value is None or isinstance(value, (int, float, str, bytes)):
        return value
    return written.plain(value)


def nested(value: Any) -> Any:
    """A value of a document for databases whose drivers know all of Python's types but mappings."""
    return written.json_text(value) if isinstance(value, dict) else value


def for_postgresql(value: Any, column: Column, typed: bool) -> Any:
    """PostgreSQL reads a text as what the column is, exactly."""
    from connectors.database.sql.postgres import array

    if value is None or column.family == "binary":
        return _read(value, column)
    if column.family == "json":
        return _json(value, column, typed) if isinstance(value, str) else written.json_text(value)
    if column.family == "array" and isinstance(value, list):
        return array(value, written.plain)
    if column.family in ("integer", "number") and isinstance(value, bool):
        return str(int(value))
    if column.family == "integer" and isinstance(value, Decimal) and _is_whole(value):
        return str(int(value))
    return written.plain(value)


def _is_whole(value: Decimal) -> bool:
    """Whether it is a whole number that a column can hold: 5.0 is, 1e999999 would fill the memory first."""
    return value.adjusted() < DIGITS and value == value.to_integral_value()


def for_others(value: Any, column: Column, typed: bool) -> Any:
    """Other databases get Python's types for what their drivers do not read from texts."""
    if column.family in ("date", "time", "timestamp", "binary"):
        return _read(value, column)
    if isinstance(value, (dict, list)):
        return written.json_text(value)
    return _json(value, column, typed)


def _json(value: Any, column: Column, typed: bool) -> Any:
    """A text of a JSON document is a JSON text; one of CSV is JSON as it stands."""
    return written.json_text(value) if column.family == "json" and typed and value is not None else value


def _read(value: Any, column: Column) -> Any:
    if value is None or isinstance(value, (bytes, date, datetime, time)):
        return value
    if column.family not in ("date", "time", "timestamp", "binary"):
        raise DocumentError(f"the value of {column.name} cannot be read", "InvalidValue")
    return values.read(value, column.family, f"column {column.name!r}")
