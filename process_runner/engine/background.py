"""Processes that run beside the one that called them."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from connector_sdk import Cancelled

AT_ONCE = 4


class Background:
    """Threads for work that nobody waits for before the end of the execution."""

    def __init__(self) -> None:
        self._cut_short: Cancelled | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._begun: list[Future[None]] = []
        self._lock = threading.Lock()

    def begin(self, work: Callable[[], None]) -> None:
        """Have the work done beside everything else, a few at once."""
        with self._lock:
            self._pool = self._pool or ThreadPoolExecutor(AT_ONCE, thread_name_prefix="background")
            self._begun = [each for each in self._begun if not each.done()]
            self._begun.append(self._pool.submit(contextvars.copy_context().run, self._do, work))

    def join(self) -> None:
        """Wait for all of it, and for what it begins itself; Cancelled if some of it was asked to end."""
        while begun := self._under_way():
            wait(begun)
        if self._pool:
            self._pool.shutdown()
            self._pool = None
        cut_short, self._cut_short = self._cut_short, None
        if cut_short:
            raise cut_short

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled as error:
            self._cut_short = error

    def _under_way(self) -> list[Future[None]]:
        with self._lock:
            return [each for each in self._begun if not each.done()]
