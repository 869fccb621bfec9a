"""From one encoding of text to another, as a stream."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Literal

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import Encoding, characters, utf8


class CharacterDecode(Settings):
    """Makes UTF-8 of a document that is written in another encoding; a byte order mark is left out."""

    encoding: Encoding = setting("How the document is written.", examples=["latin-1", "utf-16"])

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The document as UTF-8 in pieces; DocumentError with the offset of a byte that does not decode."""
        return utf8(payload, self.encoding)


class CharacterEncode(Settings):
    """Writes a UTF-8 document in another encoding."""

    encoding: Encoding = setting("How the document is to be written.", examples=["latin-1", "utf-16"])
    unmappable: Literal["fail", "replace"] = setting(
        "Where the encoding lacks a character: fail the document, or write `?`.", "fail"
    )

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The document in pieces; DocumentError with the place of a character that the encoding lacks."""
        errors = "strict" if self.unmappable == "fail" else "replace"
        encoder = codecs.getincrementalencoder(self.encoding)(errors)
        place = 0
        for text in characters(payload, "utf-8"):
            try:
                yield encoder.encode(text)
            except UnicodeEncodeError as error:
                raise DocumentError(
                    f"character {place + error.start + 1} ({error.object[error.start]!r}) does not exist in "
                    f"{self.encoding}; `unmappable: replace` or utf-8 would work",
                    "InvalidEncoding",
                ) from error
            place += len(text)
        yield encoder.encode("", final=True)
