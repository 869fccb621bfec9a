"""Base64, as a stream."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import CHUNK

WHITE_SPACE = b" \t\r\n"
STRANGE = re.compile(rb"[^A-Za-z0-9+/= \t\r\n]")
URL_SAFE = bytes.maketrans(b"+/", b"-_")
STANDARD = bytes.maketrans(b"-_", b"+/")


class Base64Encode(Settings):
    """Writes any bytes as base64 on one line."""

    url_safe: bool = setting("Write `-` and `_` instead of `+` and `/`.", False)

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The encoded document in pieces."""
        with payload.open() as stream:
            # three bytes become four characters, so that no piece but the last needs padding
            while chunk := stream.read(CHUNK * 3):
                encoded = binascii.b2a_base64(chunk, newline=False)
                yield encoded.translate(URL_SAFE) if self.url_safe else encoded


class Base64Decode(Settings):
    """Reads base64 in either alphabet; white space is left out, anything else that is no base64 is refused."""

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The decoded document in pieces; DocumentError with the offset of the first wrong character."""
        offset = 0
        rest = b""
        with payload.open() as stream:
            while chunk := stream.read(CHUNK):
                text = chunk.translate(STANDARD)
                _refuse_strange(text, offset)
                offset += len(chunk)
                rest += text.translate(None, WHITE_SPACE)
                # the last four characters wait, because padding ends everything
                whole = max(0, (len(rest) - 1) // 4 * 4)
                if b"=" in rest[:whole]:
                    raise DocumentError(f"more follows the padding, before byte {offset}", "InvalidBase64")
                yield _decoded(rest[:whole], offset)
                rest = rest[whole:]
        yield _decoded(rest, offset)


def _refuse_strange(text: bytes, offset: int) -> None:
    if strange := STRANGE.search(text):
        raise DocumentError(
            f"byte {offset + strange.start()} (0x{strange[0].hex()}) is no base64; "
            "letters, digits, +, /, -, _ and = at the end would work",
            "InvalidBase64",
        )


def _decoded(text: bytes, offset: int) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise DocumentError(f"base64 is broken before byte {offset}: {error}", "InvalidBase64") from error
