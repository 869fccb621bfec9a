"""Scalar functions on values that are neither NULL nor MISSING."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connectors.s3.select.casts import to_timestamp
from connectors.s3.select.dates import date_add, date_diff, extract
from connectors.s3.select.faults import Fault
from connectors.s3.select.formats import to_string
from connectors.s3.select.values import kind_of, number_in


def _text(value: Any, function: str) -> str:
    if type(value) is not str:
        raise Fault("IncorrectSqlFunctionArgumentType", f"{function} takes a text, not {kind_of(value)}; use CAST")
    return value


def _whole(value: Any) -> int:
    number = number_in(value) if type(value) is str else value
    if type(number) is not int:
        raise Fault("IncorrectSqlFunctionArgumentType", f"SUBSTRING takes whole numbers, not {kind_of(value)}")
    return number


def _substring(_: str, text: Any, start: Any, length: Any = None) -> str:
    """Positions count from 1; a start before that uses up part of the length."""
    whole, first = _text(text, "SUBSTRING"), _whole(start)
    if length is None:
        return whole[max(first, 1) - 1 :]
    if _whole(length) < 0:
        raise Fault("EvaluatorInvalidArguments", "SUBSTRING takes a length from 0")
    return whole[max(first, 1) - 1 : max(first + _whole(length) - 1, 0)]


def _trim(end: str, text: Any, characters: Any) -> str:
    strip = {"leading": str.lstrip, "trailing": str.rstrip, "both": str.strip}[end]
    return strip(_text(text, "TRIM"), _text(characters, "TRIM"))


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "char_length": lambda _, text: len(_text(text, "CHAR_LENGTH")),
        "character_length": lambda _, text: len(_text(text, "CHARACTER_LENGTH")),
        "lower": lambda _, text: _text(text, "LOWER").lower(),
        "upper": lambda _, text: _text(text, "UPPER").upper(),
        "substring": _substring,
        "trim": _trim,
        "to_string": lambda _, value, pattern: to_string(value, pattern),
        "to_timestamp": lambda _, text: to_timestamp(text),
        "date_add": date_add,
        "date_diff": date_diff,
        "extract": extract,
    }
)
"""By name; each takes the call's option first, then its arguments."""
