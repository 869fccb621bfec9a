"""Values of records and how they compare: NULL and MISSING, numbers of three kinds, text, timestamps."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.timestamps import Timestamp, read_timestamp

MAX_INT = 2**63 - 1
MIN_INT = -(2**63)
NUMBER = re.compile(r"\s*([+-]?)(\d{1,19}|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?)\s*", re.ASCII)


class Missing(Enum):
    """The value of a field that a record does not have; NULL is None."""

    MISSING = "MISSING"


MISSING = Missing.MISSING


def is_unknown(value: Any) -> bool:
    """Whether it is NULL or MISSING."""
    return value is None or value is MISSING


def is_number(value: Any) -> bool:
    """Whether it is an INT, a DECIMAL or a FLOAT; a truth value is none of them."""
    kind = type(value)
    return kind is int or kind is Decimal or kind is float


def number_in(text: str) -> int | Decimal | None:
    """The number that a text says, or None."""
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    written = match[1] + match[2]
    if match[2].isdigit() and MIN_INT <= int(written) <= MAX_INT:
        return int(written)
    return Decimal(written)


def comparable(left: Any, right: Any, loose: bool) -> tuple[Any, Any] | None:
    """Both values as one type, or None where they are of different types.

    `loose` is the rule for CSV, whose fields are text: beside a number, a truth value or a timestamp a text is what it
    says.
    """
    if is_number(left) and is_number(right):
        return (float(left), float(right)) if float in (type(left), type(right)) else (left, right)
    if type(left) is type(right):
        return left, right
    if loose and type(left) is str:
        return _as_typed(left, right)
    if loose and type(right) is str:
        swapped = _as_typed(right, left)
        return swapped and (swapped[1], swapped[0])
    return None


def _as_typed(text: str, other: Any) -> tuple[Any, Any] | None:
    if is_number(other):
        number = number_in(text)
        return None if number is None else comparable(number, other, loose=False)
    if type(other) is bool:
        truth = {"true": True, "false": False}.get(text.strip().lower())
        return None if truth is None else (truth, other)
    if type(other) is Timestamp:
        try:
            return read_timestamp(text), other
        except Fault:
            return None
    return None


def kind_of(value: Any) -> str:
    """The name of a value's type, for messages."""
    return next((name for kind, name in KINDS if type(value) is kind), "MISSING")


KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "NULL"),
    (bool, "BOOL"),
    (int, "INT"),
    (float, "FLOAT"),
    (Decimal, "DECIMAL"),
    (str, "STRING"),
    (Timestamp, "TIMESTAMP"),
    (list, "LIST"),
    (dict, "STRUCT"),
)
