"""Retries: what the database undid through no fault of the documents is done again after each of the waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from connectors.database.call import Call
from connectors.database.failures import Failure, explained

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Failed(Exception):
    """An attempt failed and left nothing behind."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def climb(waits: Iterator[float], call: Call, attempt: Callable[[], Answer]) -> Answer:
    """The answer of the first attempt that succeeds; a ConnectorError after the last. Raises Cancelled as it waits."""
    while True:
        call.runtime.check()
        try:
            return attempt()
        except Failed as error:
            call.runtime.check()
            wait = next(waits, None) if error.failure.transient else None
            if wait is None:
                raise explained(call, error.failure) from error
            log.warning("%s: %s %s; trying again in %g s", call, error.failure.code, error.failure.message, wait)
            call.runtime.wait(wait)
