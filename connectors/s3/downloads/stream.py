"""An object as a stream that its reader can move in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from connectors.s3.downloads.ahead import Ahead
from connectors.s3.downloads.pinned import Pinned
from connectors.s3.downloads.ranges import Ranges
from connectors.s3.seekable import Seekable
from connectors.s3.uploads.slices import MIB

BUFFER = 64 << 10
PIECE = 4 * MIB
"""Who asks for so much at once is a reader of pieces, such as the parts of an upload."""


class ObjectStream(io.BufferedReader):
    """A stream of the object; reading raises DocumentError where it is another one by now, or cannot be had."""

    def __init__(self, pinned: Pinned) -> None:
        super().__init__(_Bytes(pinned), BUFFER)
        self._pinned = pinned

    def write_into(self, descriptor: int) -> None:
        """Write the whole object into a new file, wherever the stream is."""
        Ranges(self._pinned, descriptor).write()


class _Bytes(Seekable):
    def __init__(self, pinned: Pinned) -> None:
        super().__init__(pinned.size)
        self._pinned = pinned
        self._ahead: Ahead | None = None
        self._blocks: Iterator[memoryview] = iter(())
        self._block = memoryview(b"")

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        before = self.position
        if super().seek(offset, whence) != before:
            self._stop()
        return self.position

    def readinto(self, buffer: Any, /) -> int:
        wanted = memoryview(buffer)[: self.left]
        self._pinned.call.runtime.check()
        given = self._at_once(wanted) if len(wanted) >= PIECE and not self._ahead else self._of_block(wanted)
        self.position += given
        return given

    def readall(self) -> bytes:
        content = bytearray(self.left)
        view, filled = memoryview(content), 0
        while filled < len(content):
            filled += self.readinto(view[filled:])
        return bytes(content)

    def close(self) -> None:
        if not self.closed:
            self._stop()
        super().close()

    def _at_once(self, wanted: memoryview) -> int:
        self._pinned.fill(wanted, self.position, self._pinned.call.runtime)
        return len(wanted)

    def _of_block(self, wanted: memoryview) -> int:
        if wanted and not self._block:
            if self._ahead is None:
                self._ahead = Ahead(self._pinned, self.position)
                self._blocks = iter(self._ahead)
            try:
                self._block = next(self._blocks)
            except BaseException:
                self._stop()  # who reads on after an error gets what comes here, and not what would have come next
                raise
        given = min(len(wanted), len(self._block))
        wanted[:given] = self._block[:given]
        self._block = self._block[given:]
        return given

    def _stop(self) -> None:
        ahead, self._ahead = self._ahead, None
        self._block = memoryview(b"")
        if ahead:
            ahead.close()
