"""Seekable: what streams have in common whose reader can move in them."""

from __future__ import annotations

import io
from typing import Any


class Seekable(io.RawIOBase):
    """So many bytes, of which a subclass reads those from `position` on."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, origin + offset)
        return self.position

    @property
    def left(self) -> int:
        """Bytes between the position and the end."""
        return max(0, self.size - self.position)


def read_into(stream: Any, place: memoryview) -> int:
    """How many bytes of a stream came into the place; one that cannot put them there gives them as a copy."""
    if hasattr(stream, "readinto"):
        return int(stream.readinto(place))
    piece = stream.read(len(place))
    place[: len(piece)] = piece
    return len(piece)
