"""The wire: HTTP/1.1 over one connection that is kept, with nothing in it that S3 does not use."""

from __future__ import annotations

import functools
import select
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from connector_sdk.waiting import READABLE, WRITABLE, until
from connectors.s3.direct import broken
from connectors.s3.direct.reaching import reached

if TYPE_CHECKING:
    from connectors.s3.direct.tls import Tls

Answer = TypeVar("Answer")
Given = TypeVar("Given")

CHUNK = 256 << 10
FIRST = 16 << 10
LONGEST_HEAD = 64 << 10
LONGEST_KNOWN = 1 << 10  # of lines that are kept for the answers to come; most whole heads are shorter
SPACE = " \t"
"""What HTTP takes for space: texts in UTF-8 may end in a byte that Python takes for space as well."""


class Readable(Protocol):
    """A body that is sent as it is read; nothing comes at its end."""

    def read(self, most: int, /) -> bytes: ...


class Host(NamedTuple):
    """Where requests go. `timeouts` are seconds to connect and to wait for the next bytes; `tls` is None for http."""

    name: str
    port: int
    timeouts: tuple[float, float]
    tls: Tls | None

    @property
    def url(self) -> str:
        """The address, for messages."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"http{'s' if self.tls else ''}://{name}:{self.port}"


class Head(NamedTuple):
    """The beginning of an answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    keeps: bool
    """Whether the connection may serve another request."""


class Wire:
    """One connection. What goes wrong is raised as botocore's own errors."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._socket = _connected(host)
        self._tried = host.tls.tried if host.tls else _tried
        self._quiet = select.poll()
        self._quiet.register(self._socket, select.POLLIN)
        self._buffer = b""
        self._asked = False
        """Whether the other side has a request to think about: then nothing will have come yet."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come since the last answer; else the other side has hung up, or speaks unasked."""
        return not (self._buffer or self._is_held or self._quiet.poll(0))

    @property
    def _is_held(self) -> bool:
        """Whether bytes have come that only TLS knows of."""
        return self.host.tls is not None and self.host.tls.holds(self._socket)

    def ask(self, head: bytes, body: Readable | bytes) -> Head:
        """Send a request and give the beginning of its answer."""
        whole = self._send(head, body)
        self._asked = True
        while True:
            answer = _parsed(self.until(b"\r\n\r\n"), self.host)
            if answer.status >= 200:  # 1xx comes before the answer
                return answer if whole else answer._replace(keeps=False)

    def until(self, end: bytes) -> bytes:
        """What comes before `end`, which is taken too."""
        while (found := self._buffer.find(end)) < 0:
            if len(self._buffer) > LONGEST_HEAD:
                raise broken.unreadable(self.host)
            more = self._received(self._socket.recv, FIRST)
            if not more:
                raise broken.closed(self.host)
            self._buffer += more
        text, self._buffer = self._buffer[:found], self._buffer[found + len(end) :]
        return text

    def whole(self, size: int) -> bytes | None:
        """So many bytes, where they have come already."""
        if len(self._buffer) < size:
            return None
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def some(self, most: int) -> bytes:
        """At least one byte and at most `most`; nothing where the other side has hung up."""
        if self._buffer:
            found, self._buffer = self._buffer[:most], self._buffer[most:]
            return found
        return self._received(self._socket.recv, most)

    def into(self, place: memoryview) -> int:
        """The same, received where they are wanted; how many bytes came."""
        if self._buffer:
            found = self.some(len(place))
            place[: len(found)] = found
            return len(found)
        return self._received(self._socket.recv_into, place)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _send(self, head: bytes, body: Readable | bytes) -> bool:
        """Whether all of it was taken; who refuses a request may answer and hang up before it is whole."""
        if isinstance(body, bytes):
            return self._give(head + body) if len(body) <= CHUNK else self._give(head) and self._give(body)
        taken = self._give(head)
        while taken and (chunk := body.read(CHUNK)):
            taken = self._give(chunk)
        return taken

    def _give(self, data: bytes) -> bool:
        """Send it in as many pieces as it takes, of which each may take as long as the timeout."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._tried(self._socket, self._socket.send, left, WRITABLE, self.host.timeouts[1]) :]
        except TimeoutError as error:
            raise broken.timeout(self.host) from error
        except (BrokenPipeError, ConnectionResetError):
            return False
        except OSError as error:
            raise broken.closed(self.host) from error
        return True

    def _received(self, attempt: Callable[[Given], Answer], given: Given) -> Answer:
        seconds = self.host.timeouts[1]
        try:
            if self._asked and not self._is_held:
                self._asked = False
                until(READABLE, self._socket, seconds)
            return self._tried(self._socket, attempt, given, READABLE, seconds)
        except TimeoutError as error:
            raise broken.timeout(self.host) from error
        except OSError as error:
            raise broken.closed(self.host) from error


def _tried(
    connection: socket.socket, attempt: Callable[[Given], Answer], given: Given, ready: int, seconds: float
) -> Answer:
    """What `attempt` gives as soon as it need not wait; TimeoutError where it has to wait for too long."""
    while True:
        try:
            return attempt(given)
        except BlockingIOError:
            until(ready, connection, seconds)


def _connected(host: Host) -> socket.socket:
    try:
        plain = reached(host.name, host.port, host.timeouts[0])
    except TimeoutError as error:
        raise broken.not_connected_in_time(host) from error
    except OSError as error:
        raise broken.not_connected(host, error) from error
    return host.tls.secured(plain, host) if host.tls else plain


def _parsed(head: bytes, host: Host) -> Head:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise broken.unreadable(host)
    if len(head) <= LONGEST_KNOWN:
        found = list(map(_known, lines))
    else:
        found = [_known(line) if len(line) <= LONGEST_KNOWN else _header(line) for line in lines]
    headers = dict(found)
    if len(headers) < len(lines) or "" in headers:
        headers = _joined(found, host)
    keeps = version != "HTTP/1.0" and not ("connection" in headers and "close" in tokens(headers["connection"]))
    return Head(int(rest[:3]), headers, keeps)


def _joined(found: list[tuple[str, str]], host: Host) -> dict[str, str]:
    """Headers of which some come several times."""
    headers: dict[str, str] = {}
    for name, value in found:
        if not name:
            raise broken.unreadable(host)
        if name == "content-length" and headers.get(name, value) != value:
            raise broken.unreadable(host)
        again = name in headers and name != "content-length"
        headers[name] = f"{headers[name]}, {value}" if again else value
    return headers


def _header(line: str) -> tuple[str, str]:
    """Name and value; no name where the line is none of a header."""
    name, colon, value = line.partition(":")
    return (name.lower() if colon else "", value.strip(SPACE))


_known = functools.lru_cache(maxsize=256)(_header)  # most lines of an answer were in the one before


def tokens(header: str) -> set[str]:
    """The words of a header that lists them, in lower case."""
    return {each.strip(SPACE) for each in header.lower().split(",")}
