"""Bodies as they were before they were compressed for the way: in pieces, bounded, and whole or not at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from connector_sdk import DocumentError
from connectors.http.failures import Interrupted

ACCEPTED = "gzip, deflate"
PIECE = 1 << 20
MIB = 1 << 20
GZIP = 31
ZLIB = 15
RAW = -15


def decoded(raw: Iterable[bytes], encoding: str | None, largest: int | None) -> Iterator[bytes]:
    """The content of a body with that Content-Encoding.

    Raises DocumentError past `largest` bytes of content, and Interrupted where compressed bytes end too early.
    """
    size = 0
    for piece in _plain(raw, (encoding or "identity").strip().lower()):
        size += len(piece)
        if largest is not None and size > largest:
            raise DocumentError(f"the answer has more than {largest / MIB:g} MiB; raise max_size", "TooLarge")
        yield piece


def _plain(raw: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in ("identity", ""):
        return raw
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(raw, encoding)
    return _unreadable(raw, encoding)


def _unreadable(raw: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if any(raw):
        text = f"the answer is encoded as {encoding}, which was not asked for; `decompress: false` takes it as it is"
        raise DocumentError(text, "UnknownEncoding")
    yield from ()


def _inflated(raw: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    inflate = None
    for piece in raw:
        rest = piece
        while rest:
            inflate = inflate or zlib.decompressobj(_window(rest, encoding))
            yield _inflate(inflate, rest, encoding)
            rest = inflate.unconsumed_tail
            if inflate.eof:  # gzip may go on with another member, or with zeros to fill a block
                rest, inflate = inflate.unused_data.lstrip(b"\0"), None
    if inflate is not None:
        while content := _inflate(inflate, b"", encoding):
            yield content
        if not inflate.eof:
            raise Interrupted("CutShort", f"the body ended in the middle of its {encoding}", sent=True)


def _inflate(inflate: zlib._Decompress, piece: bytes, encoding: str) -> bytes:
    try:
        return inflate.decompress(piece, PIECE)
    except zlib.error as error:
        raise Interrupted("BrokenEncoding", f"the body is no {encoding}: {error}", sent=True) from error


def _window(start: bytes, encoding: str) -> int:
    if encoding != "deflate":
        return GZIP
    # some servers send the bare stream, which never begins like this
    return ZLIB if start[0] & 0x0F == zlib.DEFLATED and start[0] >> 4 <= 7 else RAW
