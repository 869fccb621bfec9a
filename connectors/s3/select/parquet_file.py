"""A remote object as a file for pyarrow, which asks for the ranges it needs."""

from __future__ import annotations

from collections.abc import Callable

from connectors.s3.seekable import Seekable

ReadRange = Callable[[int, int], bytes]
"""From an offset and a number of bytes to the bytes."""


class RangeFile(Seekable):
    """A seekable file of `size` bytes that lie elsewhere."""

    def __init__(self, size: int, read_range: ReadRange) -> None:
        super().__init__(size)
        self._read_range = read_range

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        if wanted <= 0:
            return b""
        data = self._read_range(self.position, wanted)
        self.position += len(data)
        return data
