"""Slices of a payload, read from it as they are sent."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from connector_sdk import Payload, Runtime

MIB = 1 << 20
MOST_PARTS = 10_000
READ_AHEAD = 256 << 10


class Slice(NamedTuple):
    """One part of an upload; `number` counts from 1, `offset` and `size` are bytes."""

    number: int
    offset: int
    size: int


def planned(size: int, part_size: int) -> list[Slice]:
    """The parts of a payload of `size` bytes; they grow beyond `part_size` bytes where they would be too many."""
    smallest = -(-size // (MOST_PARTS * MIB)) * MIB
    part_size = max(part_size, smallest)
    starts = range(0, size, part_size)
    return [Slice(number, start, min(part_size, size - start)) for number, start in enumerate(starts, 1)]


def opened(payload: Payload, part: Slice, runtime: Runtime) -> io.BufferedReader:
    """A stream of the slice alone; reading it raises Cancelled once the run is to end."""
    return io.BufferedReader(_SliceStream(payload, part, runtime), READ_AHEAD)


class _SliceStream(io.RawIOBase):
    """A slice as a seekable stream of its own."""

    def __init__(self, payload: Payload, part: Slice, runtime: Runtime) -> None:
        super().__init__()
        self._stream = payload.open()
        self._part = part
        self._runtime = runtime
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._part.size}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        self._runtime.check()
        wanted = min(len(buffer), max(0, self._part.size - self._position))
        self._stream.seek(self._part.offset + self._position)
        data = self._stream.read(wanted)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
