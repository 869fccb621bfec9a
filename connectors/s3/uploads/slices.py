"""Slices of a payload, read from it as they are sent."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from connector_sdk import Payload, Runtime
from connectors.s3.seekable import Seekable, read_into

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


class _SliceStream(Seekable):
    """A slice as a seekable stream of its own."""

    def __init__(self, payload: Payload, part: Slice, runtime: Runtime) -> None:
        super().__init__(part.size)
        self._stream = payload.open()
        self._offset = part.offset
        self._runtime = runtime

    def readinto(self, buffer: Any, /) -> int:
        self._runtime.check()
        self._stream.seek(self._offset + self.position)
        place = memoryview(buffer)[: self.left]
        count = read_into(self._stream, place)
        self.position += count
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
