"""HTTP/1.1 as bytes on a connection: heads are read but never rewritten, bodies pass in pieces, framing included."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

PIECE = 64 << 10


@dataclass(frozen=True, slots=True)
class Head:
    """A start line and headers, and the bytes they came as."""

    raw: bytes
    start: tuple[str, str, str]
    headers: tuple[tuple[str, str], ...]

    @property
    def status(self) -> int:
        """The status, for a response."""
        return int(self.start[1])

    @property
    def expects(self) -> bool:
        """Whether the sender of a request waits for `100 Continue`."""
        return self.has("expect", "100-continue")

    @property
    def chunked(self) -> bool:
        """Whether the body says itself where it ends."""
        return self.has("transfer-encoding", "chunked")

    @property
    def length(self) -> int | None:
        """The declared length of the body in bytes."""
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), None)

    @property
    def persistent(self) -> bool:
        """Whether the connection stays after this message."""
        if "HTTP/1.0" in self.start:
            return self.has("connection", "keep-alive")
        return not self.has("connection", "close")

    def has(self, name: str, value: str) -> bool:
        """Whether a header of this name (in lower case) holds the value."""
        return any(each.lower() == name and value in text.lower() for each, text in self.headers)

    def bodiless(self, method: str) -> bool:
        """Whether a response to `method` has no body, whatever its headers say."""
        return method == "HEAD" or self.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

    def ends_by_itself(self, method: str) -> bool:
        """Whether a response to `method` is over before its connection is."""
        return self.bodiless(method) or self.chunked or self.length is not None


class Wire:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.send = connection.sendall
        self._buffer = bytearray()

    def head(self) -> Head | None:
        """The next message's head; None where the other side has nothing more to say."""
        raw = b"".join(iter(self._line, b"\r\n"))
        if not raw:
            return None
        first, *rest = raw.decode("latin-1").split("\r\n")[:-1]
        one, two, three = [*first.split(" ", 2), "", ""][:3]
        pairs = (line.partition(":") for line in rest)
        return Head(raw + b"\r\n", (one, two, three), tuple((name, value.strip()) for name, _, value in pairs))

    def request_body(self, head: Head) -> Iterator[bytes]:
        """The body that follows a request's head."""
        return self._chunks() if head.chunked else self._exactly(head.length or 0)

    def response_body(self, head: Head, method: str) -> Iterator[bytes]:
        """The body that follows the head of the response to `method`."""
        if head.bodiless(method):
            return iter(())
        if head.chunked:
            return self._chunks()
        return iter(self._some, b"") if head.length is None else self._exactly(head.length)

    def speaks_before(self, other: Wire) -> bool:
        """Wait for either side; whether it is this one."""
        return bool(self._buffer) or self.socket in select.select([self.socket, other.socket], [], [])[0]

    def reset(self) -> None:
        """End the connection as a crashed machine would, with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _some(self, limit: int = PIECE) -> bytes:
        if not self._buffer:
            return self.socket.recv(min(limit, PIECE))
        piece = bytes(self._buffer[:limit])
        del self._buffer[:limit]
        return piece

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            received = self.socket.recv(PIECE)
            if not received and not self._buffer:
                return b"\r\n"
            if not received:
                raise ConnectionError("the connection ended in the middle of a line")
            self._buffer += received
        return self._some(end + 1)

    def _exactly(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self._some(length)
            if not piece:
                raise ConnectionError(f"the connection ended {length} bytes too early")
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while size := int((line := self._line()).partition(b";")[0], 16):
            yield line
            yield from self._exactly(size + len(b"\r\n"))
        yield line
        yield from iter(self._line, b"\r\n")
        yield b"\r\n"
