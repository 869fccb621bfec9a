"""From bytes in any encoding to text and to UTF-8, piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed, Payload

CHUNK = 64 << 10
BYTE_ORDER_MARK = "\ufeff"
NOT_FOR_DOCUMENTS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


def _known(value: Any, context: Any) -> str:
    try:
        "".encode(value)
        codecs.getincrementaldecoder(value)
        name = codecs.lookup(value).name
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"unknown encoding {value!r}; utf-8, utf-16, latin-1 or cp1252 would work") from error
    if name in NOT_FOR_DOCUMENTS:
        raise ValueError(f"{value!r} is no encoding of documents; utf-8, utf-16, latin-1 or cp1252 would work")
    return "utf-8" if name == "utf-8-sig" else name


Encoding = Annotated[str, Parsed({"type": "string", "examples": ["utf-8", "utf-16", "latin-1"]}, _known)]
"""The name of an encoding that Python knows, normalized."""

ENCODING = "How the document is written; a byte order mark is left out. What comes out is UTF-8."


def characters(payload: Payload, encoding: str) -> Iterator[str]:
    """The text of a payload in pieces, without a byte order mark; DocumentError with the offset of a wrong byte."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    started = False
    with payload.open() as stream:
        while True:
            chunk = stream.read(CHUNK)
            offset += len(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _undecodable(error, offset, encoding) from error
            except UnicodeError as error:  # a UTF-16 or UTF-32 that does not say its byte order
                told = f"{error}; set `encoding` to how the document is written, such as {encoding}-le"
                raise DocumentError(f"the document is not {encoding}: {told}", "InvalidEncoding") from error
            if text:
                yield text if started else text.removeprefix(BYTE_ORDER_MARK)
                started = True
            if not chunk:
                return


def utf8(payload: Payload, encoding: str) -> Iterator[bytes]:
    """The same text as UTF-8; pieces end between characters."""
    return (text.encode() for text in characters(payload, encoding) if text)


def _undecodable(error: UnicodeDecodeError, end: int, encoding: str) -> DocumentError:
    # the decoder's object begins with what it kept from earlier pieces, and ends where reading ended
    place = end - len(error.object) + error.start
    wrong = error.object[error.start : error.start + 1].hex()
    return DocumentError(
        f"byte {place} (0x{wrong}) is not {encoding}: {error.reason}; "
        "set `encoding` to how the document is written, such as utf-16 or latin-1",
        "InvalidEncoding",
    )
