"""Filters of our own: dates."""

from __future__ import annotations

import calendar
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


def date(value: Any, form: str = "%Y-%m-%d") -> str:
    """`now() | date('%Y/%m/%d')`: a time as text; the form is that of strftime."""
    return moment(value).strftime(form)


def shift(value: Any, years: int = 0, months: int = 0, **delta: float) -> datetime:
    """`now() | shift(days=-1)`: a time moved by years, months, weeks, days, hours, minutes or seconds."""
    start = moment(value)
    month = start.year * 12 + start.month - 1 + years * 12 + months
    year, number = divmod(month, 12)
    day = min(start.day, calendar.monthrange(year, number + 1)[1])
    return start.replace(year=year, month=number + 1, day=day) + timedelta(**delta)


FILTERS: dict[str, Callable[..., Any]] = {"date": date, "shift": shift}
