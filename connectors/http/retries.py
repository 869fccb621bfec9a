"""The retry ladder: what failed through no fault of its own is sent again, if sending it twice does no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from connector_sdk import ConnectorError, DocumentError
from connectors.http.connection import Retry
from connectors.http.failures import Interrupted, Unwilling
from connectors.http.message import Call

Taken = TypeVar("Taken")
TOO_MANY = 429
log = logging.getLogger(__name__)


def climb(retry: Retry, call: Call, attempt: Callable[[], Taken], most: int | None = None) -> Taken:
    """What the first attempt gives that succeeds; `most` retries at most. Raises Cancelled while it waits."""
    waits = iter(retry.waits[:most])
    while True:
        call.runtime.check()
        try:
            return attempt()
        except (Interrupted, Unwilling) as error:
            failed = error
        wait = None if _harmful(call, failed) else next(waits, None)
        asked = failed.after if isinstance(failed, Unwilling) else None
        if wait is None or (asked or 0) > retry.longest_wait:
            raise _given_up(call, failed, retry, bool(retry.waits[:most])) from failed
        wait = wait if asked is None else asked
        log.warning("%s: trying again in %g s", _told(call, failed), wait)
        call.runtime.wait(wait)


def asked_for(value: str | None, date: str | None) -> float | None:
    """The seconds of a Retry-After, which may be a number or a time; `date` is what the server's clock says."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (_moment(value) - (_moment(date) if date else datetime.now(UTC))).total_seconds())
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _harmful(call: Call, failed: Interrupted | Unwilling) -> bool:
    """Whether the server may have carried the request out, and must not do it twice."""
    if call.repeatable:
        return False
    return failed.sent if isinstance(failed, Interrupted) else failed.status != TOO_MANY


def _given_up(call: Call, failed: Interrupted | Unwilling, retry: Retry, tried: bool) -> ConnectorError:
    text = _told(call, failed)
    asked = failed.after if isinstance(failed, Unwilling) else None
    if _harmful(call, failed):
        text += "; not sent again, as it may have been carried out: idempotency_key or retry_unsafe would allow it"
    elif asked is not None and asked > retry.longest_wait:
        text += f"; the server asks to wait {asked:g} s, and retry.longest_wait is {retry.longest_wait:g} s"
    elif tried:
        text += "; every retry failed as well"
    if isinstance(failed, Interrupted):
        return DocumentError(text, failed.code)
    refusal = failed.refusal
    return type(refusal)(text, refusal.code) if isinstance(refusal, DocumentError) else refusal


def _told(call: Call, failed: Interrupted | Unwilling) -> str:
    return f"{call} failed: {failed.code}: {failed}" if isinstance(failed, Interrupted) else str(failed)
