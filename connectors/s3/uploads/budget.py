"""The budget of bytes under way: one for the whole process, so that memory does not grow with uploads and downloads."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connector_sdk import Runtime

MIB = 1 << 20
WHOLE = 96 * MIB
PART = 12 * MIB
"""What a part counts for that is read from a file as it is sent: so eight of them are under way at once."""
PATIENCE = 0.2
"""Seconds between two looks at whether the run is to end."""


class Budget:
    """So many bytes; who wants more than are left waits, or does without."""

    def __init__(self, size: int) -> None:
        self._size = self._left = size
        self._changed = threading.Condition()

    def take(self, size: int) -> bool:
        """Whether so many bytes were left; they are taken then, and to be given back. All count for more than all."""
        size = min(size, self._size)
        with self._changed:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give(self, size: int) -> None:
        """Give back what was taken."""
        with self._changed:
            self._left += min(size, self._size)
            self._changed.notify_all()

    @contextmanager
    def place(self, runtime: Runtime, size: int = PART) -> Iterator[None]:
        """Hold so many bytes; Cancelled when the run is to end before they are left."""
        while not self.take(size):
            runtime.check()
            with self._changed:
                self._changed.wait(PATIENCE)
        try:
            yield
        finally:
            self.give(size)


@functools.cache
def of_process() -> Budget:
    """The one budget; shared on purpose, for a limit that each connection had of its own would limit nothing."""
    return Budget(WHOLE)
