"""Ahead: the bytes of an object in their order, fetched in blocks before they are wanted."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from connector_sdk.waiting import done
from connectors.s3.downloads.pinned import Pinned
from connectors.s3.ending import Until
from connectors.s3.uploads import budget
from connectors.s3.uploads.slices import MIB

FIRST = MIB // 2
LARGEST = 8 * MIB
GROWTH = 4
GROWN = 3
AT_ONCE = 4


class Ahead:
    """Gives the bytes from a place on, block by block.

    Blocks grow, and more of them are under way, as long as somebody reads on: who looks here and there pays for little.
    Only the next block may be held without room in the budget, so readers who wait for one another never do so forever.
    """

    def __init__(self, pinned: Pinned, start: int = 0) -> None:
        self._pinned = pinned
        self._next = start
        self._asked = 0
        self._ended = threading.Event()
        self._runtime = Until(pinned.call.runtime, self._ended)
        self._coming: deque[tuple[Future[bytearray], int]] = deque()
        self._pool: ThreadPoolExecutor | None = None

    def __iter__(self) -> Iterator[bytearray]:
        return iter(self._taken, None)

    def close(self) -> None:
        """Ask for no more."""
        self._ended.set()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        while self._coming:
            budget.of_process().give(self._coming.popleft()[1])

    def _taken(self) -> bytearray | None:
        """The next block; None at the end."""
        self._asked += 1
        if not self._coming:
            start, stop = self._range()
            self._fetch_ahead()
            return None if start == stop else self._fetched(start, stop)
        found, size = self._coming.popleft()
        self._fetch_ahead()
        try:
            while not done(found):
                self._runtime.check()
            return found.result()
        finally:
            budget.of_process().give(size)
            del found  # its error would know this call, which knows it: files that wait for their end would wait long

    def _fetch_ahead(self) -> None:
        while len(self._coming) < min(self._asked, AT_ONCE) - 1:
            size = min(self._size, self._pinned.size - self._next)
            if not size or not budget.of_process().take(size):
                return
            self._pool = self._pool or ThreadPoolExecutor(AT_ONCE - 1, "range")
            self._coming.append((self._pool.submit(self._fetched, *self._range()), size))

    def _fetched(self, start: int, stop: int) -> bytearray:
        block = bytearray(stop - start)
        self._pinned.fill(memoryview(block), start, self._runtime)
        return block

    def _range(self) -> tuple[int, int]:
        """Where the next block begins and ends; it counts as asked for."""
        start = self._next
        self._next = min(start + self._size, self._pinned.size)
        return start, self._next

    @property
    def _size(self) -> int:
        return int(min(FIRST * GROWTH ** min(self._asked - 1, GROWN), LARGEST))
