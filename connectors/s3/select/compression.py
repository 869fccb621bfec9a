"""GZIP and BZIP2, decompressed as the bytes come."""

from __future__ import annotations

import zlib
from typing import Any, cast

from connector_sdk import DocumentError
from connectors.s3.select.text import Source


class Decompressed:
    """A source over another one; a broken or cut stream is a DocumentError."""

    def __init__(self, stream: Source, name: str) -> None:
        self._stream = stream
        self._name = name

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except EOFError as error:
            raise DocumentError(f"the {self._name} data of the object ends too early", "TruncatedInput") from error
        except (ConnectionError, TimeoutError):
            raise  # these are OSErrors too, but of the connection below
        except (OSError, zlib.error) as error:
            raise DocumentError(f"the object is not {self._name}: {error}", "InvalidCompressionFormat") from error


def decompressed(source: Source, compression: str) -> Source:
    """The content of a source: `none`, `gzip` or `bzip2`."""
    if compression == "gzip":
        import gzip

        return Decompressed(gzip.GzipFile(fileobj=cast(Any, source), mode="rb"), "GZIP")
    if compression == "bzip2":
        import bz2

        return Decompressed(bz2.BZ2File(cast(Any, source), mode="rb"), "BZIP2")
    return source
