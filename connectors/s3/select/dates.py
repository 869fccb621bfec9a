"""DATE_ADD, DATE_DIFF, EXTRACT and the conversions between text and timestamps."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.timestamps import DAY, MINUTE, MONTH, SECOND, YEAR, Timestamp, read_timestamp
from connectors.s3.select.values import kind_of, number_in

PRECISIONS: Mapping[str, int] = MappingProxyType(
    {"year": YEAR, "month": MONTH, "day": DAY, "hour": MINUTE, "minute": MINUTE, "second": SECOND}
)
SECONDS: Mapping[str, int] = MappingProxyType({"day": 86400, "hour": 3600, "minute": 60, "second": 1})


def as_timestamp(value: Any) -> Timestamp:
    """A timestamp, or a text that says one."""
    if type(value) is str:
        return read_timestamp(value)
    if type(value) is not Timestamp:
        raise Fault("IncorrectSqlFunctionArgumentType", f"a timestamp is expected, not {kind_of(value)}")
    return value


def date_add(part: str, quantity: Any, value: Any) -> Timestamp:
    """The timestamp moved by a whole number of date parts, with more precision where the part needs it."""
    stamp = as_timestamp(value).at_least(PRECISIONS[part])
    amount = number_in(quantity) if type(quantity) is str else quantity
    if type(amount) is not int:
        raise Fault("IncorrectSqlFunctionArgumentType", f"DATE_ADD takes a whole number, not {kind_of(quantity)}")
    try:
        if part in SECONDS:
            return stamp.moved(stamp.moment + timedelta(seconds=amount * SECONDS[part]))
        return _months_later(stamp, amount * (12 if part == "year" else 1))
    except (ValueError, OverflowError) as error:
        raise Fault("EvaluatorInvalidArguments", "DATE_ADD leaves the years 1 to 9999") from error


def _months_later(stamp: Timestamp, months: int) -> Timestamp:
    moment = stamp.moment
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return stamp.moved(moment.replace(year=year, month=month + 1, day=day))


def date_diff(part: str, first: Any, second: Any) -> int:
    """How many whole date parts lie between two timestamps."""
    start, end = as_timestamp(first).moment, as_timestamp(second).moment
    if part in SECONDS:
        whole = abs(end - start) // timedelta(seconds=SECONDS[part])
        return whole if start <= end else -whole
    if end < start:
        return -date_diff(part, second, first)
    months = (end.year - start.year) * 12 + end.month - start.month
    end_in_month = (end.day, end.timetz().replace(tzinfo=None))
    if end_in_month < (start.day, start.timetz().replace(tzinfo=None)):
        months -= 1
    return months // 12 if part == "year" else months


def extract(part: str, value: Any) -> int | float:
    """One part of a timestamp, in its own offset."""
    stamp = as_timestamp(value)
    if part == "timezone_hour":
        return int(stamp.offset / 60)
    if part == "timezone_minute":
        return stamp.offset - int(stamp.offset / 60) * 60
    number: int = getattr(stamp.moment, part)
    return number
