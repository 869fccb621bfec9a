"""CAST between the types of S3 Select."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.numbers import checked, finite
from connectors.s3.select.timestamps import Timestamp, read_timestamp
from connectors.s3.select.values import is_number, kind_of, number_in


def _failed(value: Any, type_name: str) -> Fault:
    shown = f"'{value[:50]}'" if type(value) is str else f"{kind_of(value)} {str(value)[:50]}"
    return Fault("CastFailed", f"{shown} cannot become {type_name}")


def to_bool(value: Any) -> bool:
    """TRUE and FALSE, also as texts; a number is TRUE unless it is zero."""
    if type(value) is bool:
        return value
    if is_number(value):
        return bool(value != 0)
    if type(value) is str and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise _failed(value, "BOOL")


def to_int(value: Any) -> int:
    """A whole number of 64 bits; decimals are cut off, but not those of a text."""
    if type(value) is str and len(value) < 19 and value.isdecimal() and value.isascii():
        return int(value)
    if type(value) in (bool, int):
        return checked(int(value))
    number = number_in(value) if type(value) is str else value
    if type(value) is str and type(number) is not int:
        raise _failed(value, "INT")
    if type(number) is float or (type(number) is Decimal and number.adjusted() < 20):
        return checked(int(number))
    if type(number) is int:
        return checked(number)
    raise _failed(value, "INT")


def to_float(value: Any) -> float:
    """A floating-point number; a text has to be one."""
    number: Any = number_in(value) if type(value) is str else value
    if type(number) is bool or is_number(number):
        return finite(float(number))
    raise _failed(value, "FLOAT")


def to_decimal(value: Any) -> Decimal:
    """A number with all its digits; a text has to be one."""
    number: Any = number_in(value) if type(value) is str else value
    if type(number) is float:
        return Decimal(repr(number))
    if type(number) is bool or is_number(number):
        return Decimal(number)
    raise _failed(value, "DECIMAL")


def to_text(value: Any) -> str:
    """How a value is written in CSV."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if is_number(value) or type(value) is Timestamp:
        return str(value)
    raise _failed(value, "STRING")


def to_timestamp(value: Any) -> Timestamp:
    """A timestamp; a text has to be one."""
    if type(value) is Timestamp:
        return value
    if type(value) is not str:
        raise _failed(value, "TIMESTAMP")
    return read_timestamp(value)


CASTS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "bool": to_bool,
        "int": to_int,
        "string": to_text,
        "float": to_float,
        "decimal": to_decimal,
        "timestamp": to_timestamp,
    }
)
