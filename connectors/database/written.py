"""Values as JSON and CSV write them: exact numbers, ISO 8601, base64."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from math import isfinite
from types import MappingProxyType
from typing import Any, Literal

Format = Literal["json", "lines", "csv"]
Row = Sequence[Any]


class JsonText(str):
    """A text that is JSON already."""

    __slots__ = ()


def json_text(value: Any) -> str:
    """JSON in one line; a number keeps all its digits, NaN and infinities are texts."""
    known = _JSON.get(type(value))
    return known(value) if known else encode_basestring(plain(value))


def plain(value: Any) -> str:
    """A value as a text without quotes, as CSV and properties have it; NULL is empty."""
    known = _PLAIN.get(type(value))
    return known(value) if known else str(value)


def rows_as(format: Format, names: Sequence[str], rows: Iterable[Row], array: bool = True) -> Iterator[bytes]:
    """A document's content, row by row: an array, one object on each line, or CSV with a header.

    Without `array`, JSON rows stand alone.
    """
    if format == "csv":
        return _csv(names, rows)
    objects = _objects(names, rows)
    if format == "lines":
        return (f"{each}\n".encode() for each in objects)
    return _array(objects) if array else (each.encode() for each in objects)


def _objects(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    keys = [f"{encode_basestring(name)}: " for name in names]
    for row in rows:
        fields = [key + json_text(value) for key, value in zip(keys, row, strict=True)]
        yield "{" + ", ".join(fields) + "}"


def _array(objects: Iterator[str]) -> Iterator[bytes]:
    mark = "["
    for each in objects:
        yield f"{mark}{each}".encode()
        mark = ",\n "
    yield b"[]" if mark == "[" else b"]"


def _csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(names)
    yield line.getvalue().encode()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([plain(value) for value in row])
        yield line.getvalue().encode()


def _number(value: float | Decimal) -> str:
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else encode_basestring(str(value))
    return repr(value) if isfinite(value) else encode_basestring(str(value))


def _base64(value: bytes | memoryview) -> str:
    return base64.b64encode(value).decode()


def _in_quotes(value: Any) -> str:
    return encode_basestring(plain(value))


def _list(value: Iterable[Any]) -> str:
    return "[" + ", ".join(json_text(each) for each in value) + "]"


def _mapping(value: Mapping[Any, Any]) -> str:
    return "{" + ", ".join(f"{encode_basestring(str(name))}: {json_text(each)}" for name, each in value.items()) + "}"


def _lower(value: bool) -> str:
    return "true" if value else "false"


_PLAIN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        type(None): lambda _: "",
        bool: _lower,
        bytes: _base64,
        memoryview: _base64,
        datetime: datetime.isoformat,
        date: date.isoformat,
        time: time.isoformat,
        timedelta: lambda each: f"PT{each.total_seconds():f}".rstrip("0").rstrip(".") + "S",
        list: _list,
        tuple: _list,
        dict: _mapping,
    }
)
_JSON: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        type(None): lambda _: "null",
        bool: _lower,
        int: str,
        float: _number,
        Decimal: _number,
        str: encode_basestring,
        JsonText: str,
        list: _list,
        tuple: _list,
        dict: _mapping,
        **dict.fromkeys((bytes, memoryview, datetime, date, time, timedelta), _in_quotes),
    }
)
