"""Gzip, as a stream."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import CHUNK

GZIP = 31
"""zlib's name for: with the header and the checksum of gzip."""

LARGEST = "How many MiB may come out; a document that grows larger is refused."


class Gzip(Settings):
    """Compresses a document; the same content always gives the same bytes."""

    level: int = setting("From 1, the fastest, to 9, the smallest.", 6, ge=1, le=9)

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The compressed document in pieces."""
        compressor = zlib.compressobj(self.level, wbits=GZIP)
        with payload.open() as stream:
            while chunk := stream.read(CHUNK):
                yield compressor.compress(chunk)
        yield compressor.flush()


class Gunzip(Settings):
    """Uncompresses a document, also one of several gzip files one after another."""

    largest: int = setting(LARGEST, 4096, ge=1)

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The content in pieces; DocumentError for what is no gzip, cut off, damaged or too large."""
        size = 0
        for piece in _uncompressed(payload):
            size += len(piece)
            if size > self.largest << 20:
                raise DocumentError(f"more than {self.largest} MiB come out; a higher `largest` would work", "TooLarge")
            yield piece


def _uncompressed(payload: Payload) -> Iterator[bytes]:
    decompressor = zlib.decompressobj(GZIP)
    began = False
    with payload.open() as stream:
        while chunk := stream.read(CHUNK):
            while chunk:
                if decompressor.eof:
                    # zeros behind the end are padding, such as tapes and blocks leave it
                    chunk = chunk.lstrip(b"\0")
                    if not chunk:
                        break
                    decompressor = zlib.decompressobj(GZIP)
                began = True
                yield _piece(decompressor, chunk, stream.tell())
                chunk = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
    if not began or not decompressor.eof:
        what = "is cut off" if began else "is empty"
        raise DocumentError(f"the document {what}; a whole gzip file was expected", "InvalidGzip")


def _piece(decompressor: zlib._Decompress, chunk: bytes, read: int) -> bytes:
    try:
        return decompressor.decompress(chunk, CHUNK)
    except zlib.error as error:
        raise DocumentError(f"no gzip, or damaged, before byte {read}: {error}", "InvalidGzip") from error
