"""Timestamps that remember how precisely they were written, and their offset from UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from connectors.s3.select.faults import Fault

YEAR, MONTH, DAY, MINUTE, SECOND = 1, 2, 3, 4, 5
LENGTHS = (0, 4, 7, 10, 16, 19)
WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:T|-(?P<month>\d\d)(?:T|-(?P<day>\d\d)(?:T?|T(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A moment, and how it is written.

    `precision` is YEAR to SECOND, `digits` counts the decimals of the second, `zoned` says whether an offset is known.
    """

    moment: datetime
    precision: int = field(default=SECOND, compare=False)
    digits: int = field(default=0, compare=False)
    zoned: bool = field(default=True, compare=False)

    def __str__(self) -> str:
        """As W3C's note on date formats writes it, in the precision it has."""
        written = self.moment.isoformat(timespec="microseconds")
        if self.precision < MINUTE:
            return written[: LENGTHS[self.precision]] + "T"
        if self.precision == SECOND and self.digits:
            return written[: 20 + self.digits] + self.zone()
        return written[: LENGTHS[self.precision]] + self.zone()

    @property
    def offset(self) -> int:
        """Minutes east of UTC."""
        return int((self.moment.utcoffset() or timedelta()).total_seconds()) // 60

    def zone(self) -> str:
        """`Z`, an offset such as `+08:00`, or `-00:00` where it is not known."""
        if not self.zoned:
            return "-00:00"
        return offset_text(self.offset, ":") if self.offset else "Z"

    def at_least(self, precision: int) -> Timestamp:
        """The same moment, written at least this precisely."""
        return Timestamp(self.moment, max(self.precision, precision), self.digits, self.zoned)

    def moved(self, moment: datetime) -> Timestamp:
        """Another moment, written the same way."""
        return Timestamp(moment, self.precision, self.digits, self.zoned)


def offset_text(minutes: int, between: str) -> str:
    """An offset from UTC with a sign, hours and minutes."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{between}{rest:02}"


def read_timestamp(text: str) -> Timestamp:
    """`2007T`, `2007-02-23`, `2007-02-23T12:14:33.079-08:00` and what lies between; Fault otherwise."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        raise Fault("ValueParseFailure", f"'{text[:50]}' is not a timestamp such as 2007-02-23T12:14:33Z or 2007T")
    part = {name: int(match[name] or default) for name, default in _DEFAULTS}
    fraction = (match["fraction"] or "")[:6]
    try:
        moment = datetime(
            part["year"], part["month"], part["day"], part["hour"], part["minute"], part["second"],
            int(fraction.ljust(6, "0")), _zone(match["zone"]),
        )  # fmt: skip
    except ValueError as error:
        raise Fault("ValueParseFailure", f"'{text[:50]}' is not a timestamp: {error}") from error
    return Timestamp(moment, _precision(match), len(fraction), bool(match["zone"]))


_DEFAULTS = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _precision(match: re.Match[str]) -> int:
    written = [match[name] is not None for name in ("month", "day", "minute", "second")]
    return YEAR + sum(written)


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))
