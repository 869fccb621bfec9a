"""Credentials of a connection: six kinds behind one session that renews them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session

    from connectors.s3.connection import S3Connection

__all__ = ["session"]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def session(connection: S3Connection, clock: Callable[[], datetime] = now) -> Session:
    """A session whose clients sign every request with the connection's credentials, renewed before they expire.

    ConfigError names a setting that is missing or wrong. Nothing is asked of a server yet: the first request that is
    signed does, and raises ProcessError where credentials are refused.
    """
    from connectors.s3.credentials.kinds import signed_session

    return signed_session(connection, clock)
