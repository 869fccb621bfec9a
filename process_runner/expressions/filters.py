"""Filters of our own: dates, and numbers that do not turn what is none into 0."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any


def moment(value: Any) -> datetime:
    """A time from a time, or from a text in ISO 8601; without a zone it is UTC."""
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"'{value}' is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_DIRECTIVE = re.compile(r"%([-_0^#]?[a-zA-Z%])?")
_KNOWN = ("%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%z", "%j", "%V", "%a", "%b", "%F", "%T", "%s")
_DIRECTIVES = frozenset("aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%")


def form_problem(form: str) -> str | None:
    """What is wrong with the form of a date, which strftime would write as it is."""
    if "%" not in form:
        return f"'{form}' is no form of a date; write it with %, such as %Y-%m-%d"
    for found in _DIRECTIVE.finditer(form):
        if not found[1] or found[1][-1] not in _DIRECTIVES:
            return (
                f"'{form[found.start() :][:2]}' is no part of a date; known: {' '.join(_KNOWN)}, and %% for a plain %"
            )
    return None


def date(value: Any, form: str = "%Y-%m-%d") -> str:
    """`now() | date('%Y/%m/%d')`: a time as text; the form is that of strftime."""
    if problem := form_problem(form):
        raise ValueError(problem)
    return moment(value).strftime(form)


def whole(value: Any, default: Any = None, base: int = 10) -> Any:
    """`'17' | int`: a whole number, without its fraction; where it is none the default, and without one an error."""
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError, OverflowError):
        number = decimal(value, default)
        return number if number is default else int(number)


def decimal(value: Any, default: Any = None) -> Any:
    """`'1.5' | float`: a number; where it is none the default, and without one an error."""
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        if default is not None:
            return default
        raise ValueError(f"'{value}' is no number; write it with a point, or give a default: float(0)") from error


def shift(value: Any, years: int = 0, months: int = 0, **delta: float) -> datetime:
    """`now() | shift(days=-1)`: a time moved by years, months, weeks, days, hours, minutes or seconds."""
    start = moment(value)
    month = start.year * 12 + start.month - 1 + years * 12 + months
    year, number = divmod(month, 12)
    day = min(start.day, calendar.monthrange(year, number + 1)[1])
    return start.replace(year=year, month=number + 1, day=day) + timedelta(**delta)


FILTERS: dict[str, Callable[..., Any]] = {"date": date, "float": decimal, "int": whole, "shift": shift}
