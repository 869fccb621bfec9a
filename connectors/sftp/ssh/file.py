"""A file that is open on the server: many requests under way at once."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from connectors.sftp.facts import Facts
from connectors.sftp.protocol import BLOCK


class OpenFile:
    """A file that a session holds open; `call` and `ahead` are those of the session, `limits` those of its server."""

    def __init__(self, file: Any, call: Callable[..., Any], ahead: Callable[..., Iterator[Any]], limits: Any) -> None:
        self._file = file
        self._call = call
        self._ahead = ahead
        self._most_read = min(BLOCK, limits.max_read_len)
        self._most_written = min(BLOCK, limits.max_write_len)

    def facts(self) -> Facts:
        """What the file is now."""
        return facts_of(self._call(self._file.stat()))

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes in between; fewer where the file has become shorter."""
        size = self._most_read
        requests = (
            functools.partial(self._block, offset, min(size, end - offset)) for offset in range(start, end, size)
        )
        return self._ahead(requests, size)

    def fill(self, start: int, blocks: Iterable[bytes]) -> Iterator[int]:
        """Write blocks one behind the other; gives the length of each piece that has arrived."""

        def requests() -> Iterator[Callable[[], Awaitable[int]]]:
            offset = start
            for piece in self._pieces(blocks):
                yield functools.partial(self._file.write, piece, offset)
                offset += len(piece)

        return self._ahead(requests(), self._most_written)

    def append(self, block: bytes) -> None:
        """Write at the end, wherever that is; the file was opened for it."""
        for piece in self._pieces((block,)):
            self._call(self._file.write(piece))

    async def _block(self, offset: int, length: int) -> bytes:
        # a server may answer with less than it was asked for
        got = bytearray()
        while len(got) < length and (more := await self._file.read(length - len(got), offset + len(got))):
            got += more
        return bytes(got)

    def _pieces(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        size = self._most_written
        for block in blocks:
            yield from (block[at : at + size] for at in range(0, len(block), size))

    def truncate(self, size: int) -> None:
        """Cut the file."""
        self._call(self._file.truncate(size))


def facts_of(attributes: Any) -> Facts:
    """What the library says of a file."""
    return Facts.of(attributes.size, attributes.mtime, attributes.permissions)
