"""TO_STRING: patterns such as `MMMM d, y h:m a`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connectors.s3.select.dates import as_timestamp
from connectors.s3.select.faults import Fault
from connectors.s3.select.timestamps import Timestamp, offset_text

PIECE = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
# English, whatever the machine's locale is.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MOST: Mapping[str, int] = MappingProxyType(
    {"y": 4, "M": 5, "d": 2, "a": 1, "h": 2, "H": 2, "m": 2, "s": 2, "S": 9, "n": 1, "X": 5, "x": 5}
)


def to_string(value: Any, pattern: Any) -> str:
    """The timestamp in the form that the pattern describes; Fault for a symbol that patterns do not have."""
    stamp = as_timestamp(value)
    if type(pattern) is not str:
        raise Fault("IncorrectSqlFunctionArgumentType", "TO_STRING takes a text as its pattern")
    if pattern.replace("''", "").count("'") % 2:
        raise Fault("EvaluatorUnterminatedTimestampFormatPatternToken", f"a quote in the pattern '{pattern}' is open")
    return "".join(_piece(stamp, match) for match in PIECE.finditer(pattern))


def _piece(stamp: Timestamp, match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1].replace("''", "'") or "'"
    if match[2] is None:
        return match[0]
    symbol, length = match[2], len(match[0])
    if length > MOST.get(symbol, 0):
        raise Fault(
            "EvaluatorInvalidTimestampFormatPatternSymbol",
            f"'{match[0]}' is not part of timestamp patterns; there are {' '.join(MOST)}",
        )
    return SYMBOLS[symbol](stamp, length)


def _year(stamp: Timestamp, length: int) -> str:
    year = stamp.moment.year
    return f"{year % 100:02}" if length == 2 else f"{year:0{length}}"


def _month(stamp: Timestamp, length: int) -> str:
    month, name = stamp.moment.month, MONTHS[stamp.moment.month - 1]
    return (f"{month}", f"{month:02}", name[:3], name, name[0])[length - 1]


def _half(stamp: Timestamp, _: int) -> str:
    return "AM" if stamp.moment.hour < 12 else "PM"


def _hour12(stamp: Timestamp, length: int) -> str:
    return f"{(stamp.moment.hour + 11) % 12 + 1:0{length}}"


def _fraction(stamp: Timestamp, length: int) -> str:
    return f"{stamp.moment.microsecond * 1000:09}"[:length]


def _zone(stamp: Timestamp, length: int) -> str:
    return "Z" if stamp.offset == 0 else _offset(stamp, length)


def _offset(stamp: Timestamp, length: int) -> str:
    text = offset_text(stamp.offset, ":" if length in (3, 5) else "")
    return text[:3] if length == 1 and text.endswith("00") else text


def _number(name: str) -> Callable[[Timestamp, int], str]:
    return lambda stamp, length: f"{getattr(stamp.moment, name):0{length}}"


SYMBOLS: Mapping[str, Callable[[Timestamp, int], str]] = MappingProxyType(
    {
        "y": _year,
        "M": _month,
        "d": _number("day"),
        "a": _half,
        "h": _hour12,
        "H": _number("hour"),
        "m": _number("minute"),
        "s": _number("second"),
        "S": _fraction,
        "n": lambda stamp, _: str(stamp.moment.microsecond * 1000),
        "X": _zone,
        "x": _offset,
    }
)
