"""Checksums of bodies: sent with those that go, compared with those that come."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import BinaryIO, Protocol

from connectors.s3.direct import broken
from connectors.s3.direct.actions import NotDirect
from connectors.s3.direct.signature import EMPTY, Header
from connectors.s3.direct.wire import CHUNK

DEFAULT = "CRC32"


class Sum(Protocol):
    """A checksum in the making."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Crc32:
    """CRC-32, with the methods that hashes have."""

    def __init__(self, data: bytes = b"") -> None:
        self._value = zlib.crc32(data)

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        """Four bytes, the highest first."""
        return self._value.to_bytes(4, "big")


KNOWN: Mapping[str, Callable[..., Sum]] = MappingProxyType(
    {"CRC32": Crc32, "SHA1": partial(hashlib.sha1, usedforsecurity=False), "SHA256": hashlib.sha256}
)
"""What can be computed here, the cheapest first."""


def known(algorithm: str | None) -> str | None:
    """The algorithm; NotDirect for one that needs Amazon's native library."""
    if algorithm and algorithm not in KNOWN:
        raise NotDirect(algorithm)
    return algorithm


def of(content: bytes | BinaryIO, algorithm: str | None, hashed: bool) -> tuple[str | None, str]:
    """The checksum of a body in base64, and its SHA-256 in hex if it is `hashed`; a stream is rewound."""
    start = content if isinstance(content, bytes) else b""
    total = KNOWN[algorithm](start) if algorithm else None
    digest = hashlib.sha256(start) if hashed else None
    if not isinstance(content, bytes):
        _feed(content, [each for each in (total, digest) if each is not None])
    return base64.b64encode(total.digest()).decode() if total else None, digest.hexdigest() if digest else EMPTY


def headers(algorithm: str, checksum: str) -> list[Header]:
    """How a request tells its body's checksum."""
    return [(f"x-amz-checksum-{algorithm.lower()}", checksum), ("x-amz-sdk-checksum-algorithm", algorithm)]


def _feed(content: BinaryIO, sums: list[Sum]) -> None:
    while sums and (chunk := content.read(CHUNK)):
        for each in sums:
            each.update(chunk)
    content.seek(0)


class Stream(Protocol):
    """A body that is read."""

    def read(self, most: int | None = None) -> bytes: ...

    def close(self) -> None: ...


def verified(body: Stream, answer: Mapping[str, str]) -> Stream:
    """The body, that fails at its end unless it has a checksum which the answer names; composite ones tell nothing."""
    for name, make in KNOWN.items():
        if value := _of_whole(answer, name):
            return _Verified(body, name, value, make())
    return body


def are_compared(answer: Mapping[str, str]) -> bool:
    """Whether `verified` has something to compare."""
    return any(_of_whole(answer, name) for name in KNOWN)


def _of_whole(answer: Mapping[str, str], name: str) -> str | None:
    value = answer.get(f"Checksum{name}")
    return value if value and "-" not in value else None


class _Verified:
    """Passes a body on and adds it up."""

    def __init__(self, body: Stream, name: str, expected: str, total: Sum) -> None:
        self._body = body
        self._name = name
        self._expected = expected
        self._total = total

    def read(self, most: int | None = None) -> bytes:
        """As the body's; FlexibleChecksumError at the end if the sum is another."""
        found = self._body.read(most)
        self._total.update(found)
        if not found or most is None or most < 0:
            actual = base64.b64encode(self._total.digest()).decode()
            if actual != self._expected:
                raise broken.damaged(self._name, self._expected, actual)
        return found

    def close(self) -> None:
        """Close the body."""
        self._body.close()
