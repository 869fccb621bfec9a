"""Waiting: where a document waits for another system, so that others are served meanwhile in the same thread.

An operation is written as if it had a thread for each document. Where the engine serves documents in a Loop, the
functions here let go of the thread until what they wait for is there; anywhere else they block.
"""

from __future__ import annotations

import contextvars
import select
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from connector_sdk.loop import Loop
from connector_sdk.task import beside, current

Answer = TypeVar("Answer")

READABLE = select.POLLIN
WRITABLE = select.POLLOUT
PATIENCE = 0.2
"""Seconds after which somebody who waits looks whether the run is to end."""
GLANCE = 0.01
"""The same for whoever waits outside of tasks that it may wait for."""


class Connected(Protocol):
    """What can be waited for, such as a socket."""

    def fileno(self) -> int: ...


def until(ready: int, connected: Connected, seconds: float) -> None:
    """Wait until a socket is READABLE or WRITABLE; TimeoutError after so many seconds."""
    task = current()
    if task is None:
        poll = select.poll()
        poll.register(connected, ready)
        is_ready = bool(poll.poll(seconds * 1000))
    else:
        is_ready = task.loop.ready(task, connected.fileno(), ready, seconds)
    if not is_ready:
        raise TimeoutError(f"nothing for {seconds:g} s")


def slept(seconds: float, check: Callable[[], None]) -> bool:
    """Sleep and call `check` in between, where others are served meanwhile; False, at once, where nobody is."""
    task = current()
    if task is None:
        return False
    until = time.monotonic() + seconds
    check()
    while (remaining := until - time.monotonic()) > 0:
        task.loop.pause(task, min(PATIENCE, remaining))
        check()
    return True


def done(future: Future[Any], seconds: float = PATIENCE) -> bool:
    """Wait for a future that somebody else settles, but no longer than so many seconds; whether it is settled."""
    task = current()
    if task is not None:
        return future.done() or task.loop.settled(task, future, seconds)
    if loops := beside():
        return future.done() or _attended(loops, future, seconds)
    with suppress(TimeoutError):
        future.exception(seconds)
    return future.done()


def aside(work: Callable[[], Answer], *, at_once: bool = False) -> Answer:
    """What `work` gives; it is done in a thread of its own where it would keep others from being served.

    Of these there are few; `at_once` is for short work that one of them may wait for, such as one in a limited place.
    """
    task = current()
    loops = (task.loop,) if task else beside()
    if not loops:
        return work()
    future = loops[-1].threads(at_once=at_once).submit(contextvars.copy_context().run, work)
    while not done(future):
        continue
    return future.result()


def _attended(loops: Sequence[Loop], future: Future[Any], seconds: float) -> bool:
    """Wait in the thread of these loops, in no task: theirs go on, for one of them may have to settle the future."""
    until = time.monotonic() + seconds
    while not future.done() and (remaining := until - time.monotonic()) > 0:
        for loop in loops:
            loop.turn(min(GLANCE, remaining))
    return future.done()
