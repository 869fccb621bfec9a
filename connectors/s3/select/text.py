"""Bytes of an object -> pieces of text between delimiters, in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

from connector_sdk import DocumentError

CHUNK = 256 << 10
MAX_RECORD = 1 << 20


class Source(Protocol):
    """Anything that gives bytes: a response, a file, a decompressing stream."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def too_long(number: int | None = None) -> DocumentError:
    """The error for a record above the service's 1 MB; `number` counts records from 1."""
    which = "a record" if number is None else f"record {number}"
    return DocumentError(f"{which} of the object is longer than 1 MB, the limit of Select", "OverMaxRecordSize")


def decoded(source: Source) -> Iterator[str]:
    """The text of UTF-8 bytes, without a byte order mark."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := source.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise DocumentError(
            "the object is not UTF-8, the only encoding of Select; decompress or convert it first, "
            "or name its compression",
            "InvalidTextEncoding",
        ) from error


def pieces(source: Source, delimiter: str) -> Iterator[str]:
    """What stands between delimiters; an empty piece at the end is left out."""
    rest, number = "", 0
    for text in decoded(source):
        *whole, rest = (rest + text).split(delimiter)
        for piece in whole:
            number += 1
            if len(piece) > MAX_RECORD:
                raise too_long(number)
            yield piece
        if len(rest) > MAX_RECORD:
            raise too_long(number + 1)
    if rest:
        yield rest
