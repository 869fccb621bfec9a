"""The retry ladder: what failed through no fault of its own is tried again after each of the waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from connectors.s3.service.call import Call
from connectors.s3.service.failures import failure, library_errors

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


def climb(
    waits: Iterator[float], call: Call, attempt: Callable[[], Answer], jitter: Callable[[], float] = float
) -> Answer:
    """The answer of the first attempt that succeeds, or botocore's error of the last.

    Takes from `waits` (seconds) what it uses, so that a call which goes on elsewhere has the rest of one ladder;
    `jitter` says what to add to a wait of none. Raises Cancelled while it waits.
    """
    while True:
        call.runtime.check()
        try:
            return attempt()
        except library_errors() as error:
            problem = failure(error)
            wait = next(waits, None) if problem.transient else None
            if wait is None:
                raise
            wait = wait or jitter()
            log.warning("%s: %s %s; trying again in %g s", call, problem.code, problem.message, wait)
            call.runtime.wait(wait)
        except Exception:  # passed on as it is, unless the run was asked to end meanwhile
            call.runtime.check()  # a signer written in C replaces the Cancelled of the body it reads by its own error
            raise
