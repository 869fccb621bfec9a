"""The content of a request: as many bytes as its head announces."""

from __future__ import annotations

from io import SEEK_END, BytesIO
from typing import Any, BinaryIO

from connector_sdk import DocumentError

SMALL = 256 << 10


def content(body: Any) -> bytes | BinaryIO:
    """A body as bytes where it is small: it goes with the head of its request in one piece."""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    if isinstance(body, BytesIO):
        return body.getvalue()
    stream: BinaryIO = body
    return stream.read() if size(stream) <= SMALL else stream


def size(found: bytes | BinaryIO) -> int:
    """Of a content, in bytes; a stream is rewound."""
    if isinstance(found, bytes):
        return len(found)
    end = found.seek(0, SEEK_END)
    found.seek(0)
    return end


class Announced:
    """A stream of exactly so many bytes: the server would take one more for the beginning of the next request."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, most: int) -> bytes:
        """At most `most` bytes; DocumentError where the stream has become shorter than it was."""
        found = self._stream.read(min(most, self._left))
        if self._left and not found:
            raise DocumentError("the file became shorter while it was sent; run again", "FileChanged")
        self._left -= len(found)
        return found
