"""Temporary credentials, and the one object that renews them whatever their source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.credentials import RefreshableCredentials

from connector_sdk import ProcessError

MARGIN = timedelta(seconds=60)
"""Credentials with less time left count as expired."""


@dataclass(frozen=True, slots=True)
class Temporary:
    """Credentials with an end; only the access key is ever shown."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(repr=False)
    expires: datetime

    def lasting(self, clock: Callable[[], datetime]) -> bool:
        """Whether enough time is left to use them."""
        return self.expires - clock() >= MARGIN


def renewed(source: Callable[[], Temporary], method: str, clock: Callable[[], datetime]) -> RefreshableCredentials:
    """Credentials that ask `source` at the first signature and whenever they run out, once for all threads."""

    def refresh() -> dict[str, str | None]:
        fresh = source()
        if fresh.expires <= clock():
            raise ProcessError(
                f"the new credentials expired at {fresh.expires:%Y-%m-%d %H:%M:%S} UTC already; "
                "check the clock of this machine",
                "ExpiredCredentials",
            )
        return {
            "access_key": fresh.access_key,
            "secret_key": fresh.secret_key,
            "token": fresh.token,
            "expiry_time": fresh.expires.isoformat(),
        }

    seconds = int(MARGIN.total_seconds())
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    return RefreshableCredentials(
        "", "", "", long_ago, refresh, method, clock, advisory_timeout=seconds, mandatory_timeout=seconds
    )
