"""Ahead: the bytes of an object in their order, fetched in blocks before they are wanted."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from connector_sdk.waiting import done
from connectors.s3.downloads.pinned import Pinned
from connectors.s3.downloads.room import Block, Room
from connectors.s3.ending import Until
from connectors.s3.uploads.slices import MIB

FIRST = MIB // 2
LARGEST = 8 * MIB
GROWTH = 4
GROWN = 3
AT_ONCE = 4
UNCOUNTED = MIB
"""The most that a reader may hold without room in the budget."""


class Ahead:
    """Gives the bytes from a place on, block by block; each is there until the next one is asked for.

    Blocks grow, and more of them are under way, as long as somebody reads on: who looks here and there pays for little.
    Only a small block may be held without room in the budget, so readers who wait for one another never do so forever.
    """

    def __init__(self, pinned: Pinned, start: int = 0) -> None:
        self._pinned = pinned
        self._next = start
        self._asked = 0
        self._ended = threading.Event()
        self._runtime = Until(pinned.call.runtime, self._ended)
        self._room = Room(min(LARGEST, pinned.size))
        self._given: Block | None = None
        self._coming: deque[tuple[Future[None], Block]] = deque()
        self._pool: ThreadPoolExecutor | None = None

    def __iter__(self) -> Iterator[memoryview]:
        return iter(self._taken, None)

    def close(self) -> None:
        """Ask for no more."""
        self._ended.set()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._leave()
        while self._coming:
            self._room.give(self._coming.popleft()[1])
        self._room.close()

    def _taken(self) -> memoryview | None:
        """The next block; None at the end."""
        self._asked += 1
        self._leave()
        if not self._coming:
            return self._fetched()
        found, self._given = self._coming.popleft()
        self._fetch_ahead()
        try:
            while not done(found):
                self._runtime.check()
            found.result()
        finally:
            del found  # its error would know this call, which knows it: files that wait for their end would wait long
        return self._given.place

    def _fetched(self) -> memoryview | None:
        """The same where it was not asked for before: at the beginning, and where there was no room."""
        if not (size := self._size):
            return None
        block = self._given = self._room.take(size) or self._room.take_uncounted(min(size, UNCOUNTED))
        start = self._advanced(block)
        self._fetch_ahead()
        self._pinned.fill(block.place, start, self._runtime)
        return block.place

    def _fetch_ahead(self) -> None:
        while len(self._coming) < min(self._asked, AT_ONCE) - 1:
            if not (size := self._size) or not (block := self._room.take(size)):
                return
            self._pool = self._pool or ThreadPoolExecutor(AT_ONCE - 1, "range")
            coming = self._pool.submit(self._pinned.fill, block.place, self._advanced(block), self._runtime)
            self._coming.append((coming, block))

    def _leave(self) -> None:
        """Nobody reads the block any more that was given last."""
        block, self._given = self._given, None
        if block:
            self._room.give(block)

    def _advanced(self, block: Block) -> int:
        """Where the block begins; it counts as asked for."""
        start = self._next
        self._next += len(block)
        return start

    @property
    def _size(self) -> int:
        """Of the next block to ask for; 0 at the end."""
        grown = FIRST * GROWTH ** min(self._asked - 1, GROWN)
        return int(min(grown, LARGEST, self._pinned.size - self._next))
