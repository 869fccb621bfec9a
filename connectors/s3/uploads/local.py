"""Content that is to be sent, where it can be read again for each retry: in memory or in a file of this machine."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from connector_sdk import Payload, Runtime
from connectors.s3.seekable import Seekable, read_into
from connectors.s3.uploads import budget
from connectors.s3.uploads.slices import MIB, Slice

IN_MEMORY = 64 * MIB
"""A larger part of content in another system goes through a temporary file."""


@contextmanager
def local(payload: Payload, part: Slice, runtime: Runtime) -> Iterator[tuple[Payload, Slice]]:
    """A payload on this machine and where the part lies in it, with room in the budget.

    What lies in another system is read here and not while it is sent: a request that waits for another one would keep
    the place of a request that the other one may need.
    """
    is_held = payload.is_deferred and part.size <= IN_MEMORY
    with budget.of_process().place(runtime, part.size if is_held else budget.PART):
        if not payload.is_deferred:
            yield payload, part
            return
        with payload.open() as stream:
            stream.seek(part.offset)
            held = _in_memory(stream, part.size) if is_held else runtime.store(_pieces(stream, part.size))
        yield held, Slice(part.number, 0, part.size)


def _in_memory(stream: BinaryIO, size: int) -> Payload:
    """The next bytes, in memory of the system's own: what divides memory among threads would keep that of each."""
    memory = memoryview(mmap.mmap(-1, max(size, 1)))[:size]
    count = 0
    while count < size and (more := read_into(stream, memory[count:])):
        count += more
    return Payload.deferred(lambda: io.BufferedReader(_MemoryStream(memory[:count])), count)


class _MemoryStream(Seekable):
    def __init__(self, memory: memoryview) -> None:
        super().__init__(len(memory))
        self._memory = memory

    def readinto(self, buffer: Any, /) -> int:
        found = self._memory[self.position : self.position + len(buffer)]
        buffer[: len(found)] = found
        self.position += len(found)
        return len(found)


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := stream.read(min(MIB, size))):
        size -= len(piece)
        yield piece
