"""A remote object as a file for pyarrow, which asks for the ranges it needs."""

from __future__ import annotations

import io
from collections.abc import Callable

ReadRange = Callable[[int, int], bytes]
"""From an offset and a number of bytes to the bytes."""


class RangeFile(io.RawIOBase):
    """A seekable file of `size` bytes that lie elsewhere."""

    def __init__(self, size: int, read_range: ReadRange) -> None:
        super().__init__()
        self._size = size
        self._read_range = read_range
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = origin + offset
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._size - self._position
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted <= 0:
            return b""
        data = self._read_range(self._position, wanted)
        self._position += len(data)
        return data
