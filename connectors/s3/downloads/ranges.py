"""Ranges: an object written into a file, several ranges of it at once, each at its place."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from connector_sdk.errors import forget_frames
from connector_sdk.waiting import done
from connectors.s3.downloads.pinned import Pinned, filled
from connectors.s3.ending import Until
from connectors.s3.uploads.slices import MIB

LARGEST = 16 * MIB
AT_ONCE = 4
PIECE = 32 << 10
"""What each thread holds of the object, and writes at once: little enough to be had without room in the budget, and the
most for which Linux finds memory easily (blocks of order 3). With 64 or 16 KiB 5 GiB took half as long again.
"""


class Ranges:
    """Writes a whole object. Who is done with a range takes the next, so a slow one keeps nobody waiting."""

    def __init__(self, pinned: Pinned, descriptor: int) -> None:
        self._pinned = pinned
        self._descriptor = descriptor
        self._starts = iter(range(0, pinned.size, LARGEST))
        self._count = -(-pinned.size // LARGEST)
        self._failure: BaseException | None = None
        self._ended = threading.Event()
        self._runtime = Until(pinned.call.runtime, self._ended)

    def write(self) -> None:
        """Write it; the first failure ends all. DocumentError where it is another one by now, or cannot be had."""
        if self._count == 1:
            self._work()
        else:
            self._work_at_once()
        failure, self._failure = self._failure, None
        try:
            if failure:
                raise failure
        finally:
            del failure  # it would know this call, which knows it: files that wait for their end would wait long

    def _work_at_once(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, "range") as pool:
            try:
                for each in [pool.submit(self._work) for _ in range(min(AT_ONCE, self._count))]:
                    while not done(each):
                        self._pinned.call.runtime.check()
            finally:
                self._ended.set()

    def _work(self) -> None:
        buffer = memoryview(bytearray(min(PIECE, self._pinned.size)))
        try:
            for start in self._starts:
                stop = min(start + LARGEST, self._pinned.size)
                self._pinned.read(start, stop, self._runtime, partial(self._write, buffer, start, stop))
        except BaseException as error:  # noqa: BLE001  # raised where the whole is waited for
            forget_frames(error)
            self._failure = self._failure or error  # who ends because another one failed has nothing to tell
            self._ended.set()

    def _write(self, buffer: memoryview, start: int, stop: int, body: Any) -> int:
        """How many bytes of the range came and are in the file, until it was whole."""
        place = start
        while place < stop and (count := filled(body, buffer[: stop - place], self._runtime)):
            piece = buffer[:count]  # TLS gives 16 KiB at a time, for which alone it would not pay to go to the disk
            while piece:
                written = os.pwrite(self._descriptor, piece, place)
                piece, place = piece[written:], place + written
        return place - start
