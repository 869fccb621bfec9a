"""The body of an answer, as a stream that knows when it is whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol, TypeVar

from connectors.s3.direct import broken
from connectors.s3.direct.wire import CHUNK, Head, Wire, tokens

CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
BODILESS = frozenset({204, 304})
LONGEST_LENGTH = 20
"""Digits."""
Release = Callable[[Wire, bool], None]
"""Takes a wire back, with whether it may serve another request."""
Taken = TypeVar("Taken", bytes, int)


class Source(Protocol):
    """Where the bytes come from; at least one is asked for, and nothing comes at the end."""

    def take(self, most: int) -> bytes: ...

    def fill(self, place: memoryview) -> int: ...


class Body:
    """The bytes of one answer. Gives its wire back at the end, or when it is closed."""

    def __init__(self, source: Source, wire: Wire, keeps: bool, release: Release) -> None:
        self._source = source
        self._wire: Wire | None = wire
        self._keeps = keeps
        self._release = release

    def read(self, most: int | None = None) -> bytes:
        """At most `most` bytes, or all that are left; nothing at the end. IncompleteReadError if it is not the end."""
        if most is None or most < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        return self._next(lambda: self._source.take(min(most, CHUNK)), b"") if most else b""

    def readinto(self, place: memoryview) -> int:
        """The same, received where they are wanted: how many bytes came, at most as many as the place has."""
        return self._next(lambda: self._source.fill(place), 0) if place else 0

    def close(self) -> None:
        """Give up what is left; a wire with half an answer serves nobody."""
        self._end(False)

    def _next(self, take: Callable[[], Taken], nothing: Taken) -> Taken:
        if self._wire is None:
            return nothing
        try:
            found = take()
        except BaseException:
            self.close()
            raise
        if not found:
            self._end(self._keeps)
        return found

    def _end(self, keeps: bool) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            self._release(wire, keeps)


def body(head: Head, wire: Wire, bodiless: bool, release: Release) -> Body | Whole:
    """The body that comes after `head`; `bodiless` for an answer to HEAD. Raises where its end cannot be known."""
    if bodiless or head.status in BODILESS:
        return _sized(wire, 0, head.keeps, release)
    written = head.headers.get("transfer-encoding")
    coding = tokens(written) - {"identity"} if written else None
    if coding == {"chunked"}:
        return Body(_Chunked(wire), wire, head.keeps, release)
    if coding:
        raise broken.unreadable(wire.host)
    length = head.headers.get("content-length")
    if length is None:
        return Body(_ToTheEnd(wire), wire, False, release)
    if not (length.isascii() and length.isdecimal() and len(length) < LONGEST_LENGTH):
        raise broken.unreadable(wire.host)
    return _sized(wire, int(length), head.keeps, release)


def _sized(wire: Wire, size: int, keeps: bool, release: Release) -> Body | Whole:
    """A body of so many bytes; where all of them have come, its wire is free for others."""
    content = wire.whole(size)
    if content is None:
        return Body(_Sized(wire, size), wire, keeps, release)
    release(wire, keeps)
    return Whole(content)


class Whole:
    """The bytes of an answer that came with its head."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, most: int | None = None) -> bytes:
        """As of a body."""
        if most is None or most < 0 or most >= len(self._left):
            found, self._left = self._left, b""
        else:
            found, self._left = self._left[:most], self._left[most:]
        return found

    def readinto(self, place: memoryview) -> int:
        """As of a body."""
        if found := self.read(len(place)):
            place[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Give up what is left."""
        self._left = b""


class _Sized:
    """As many bytes as were announced."""

    def __init__(self, wire: Wire, size: int) -> None:
        self._wire = wire
        self._size = self._left = size

    def take(self, most: int) -> bytes:
        if not self._left:
            return b""
        found = self._wire.some(min(most, self._left))
        self._came(len(found))
        return found

    def fill(self, place: memoryview) -> int:
        if not self._left:
            return 0
        count = self._wire.into(place[: self._left])
        self._came(count)
        return count

    def _came(self, count: int) -> None:
        if not count:
            raise broken.cut_short(self._size, self._size - self._left)
        self._left -= count


class _Chunked:
    """Pieces that each say how long they are, and an empty one."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._left = 0
        self._first = True

    def take(self, most: int) -> bytes:
        if not self._left and not self._begin():
            return b""
        found = self._wire.some(min(most, self._left))
        self._came(len(found))
        return found

    def fill(self, place: memoryview) -> int:
        if not self._left and not self._begin():
            return 0
        count = self._wire.into(place[: self._left])
        self._came(count)
        return count

    def _came(self, count: int) -> None:
        if not count:
            raise broken.closed(self._wire.host)
        self._left -= count

    def _begin(self) -> int:
        if not self._first and self._wire.until(b"\r\n"):
            raise broken.unreadable(self._wire.host)  # the piece was longer than it said
        self._first = False
        size = self._wire.until(b"\r\n").partition(b";")[0].strip()
        if not CHUNK_SIZE.fullmatch(size):
            raise broken.unreadable(self._wire.host)
        self._left = int(size, 16)
        if not self._left:
            while self._wire.until(b"\r\n"):
                continue  # trailers
        return self._left


class _ToTheEnd:
    """Whatever comes until the other side hangs up."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def take(self, most: int) -> bytes:
        return self._wire.some(most)

    def fill(self, place: memoryview) -> int:
        return self._wire.into(place)
