"""Text with a separator between its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from connector_sdk import Payload, Settings, setting
from process_runner.formats.encoding import ENCODING, Encoding, utf8
from process_runner.formats.parts import LARGEST, about_document, refuse_larger


class TextSplit(Settings):
    """One document for each piece between two separators, which are left out; empty pieces count."""

    format: Literal["text"] = setting("Any text.")
    separator: str = setting("The text between two parts.", min_length=1, examples=["\n---\n"])
    encoding: Encoding = setting(ENCODING, "utf-8")

    def split(self, payload: Payload) -> Iterator[bytes]:
        """The parts as UTF-8; none for an empty payload."""
        return pieces(utf8(payload, self.encoding), self.separator.encode())


class TextCombine(Settings):
    """One document of all: header, documents with the separator between them, footer."""

    format: Literal["text"] = setting("Any text.")
    separator: str = setting("The text between two documents.", "", examples=["\n---\n"])
    header: str = setting("The text before the first document.", "")
    footer: str = setting("The text after the last document.", "")
    encoding: Encoding = setting(ENCODING, "utf-8")

    def combine(self, payloads: Iterable[Payload]) -> Iterator[bytes]:
        """The combined document in pieces."""
        yield self.header.encode()
        for number, payload in enumerate(payloads, 1):
            if number > 1:
                yield self.separator.encode()
            with about_document(number):
                yield from utf8(payload, self.encoding)
        yield self.footer.encode()


def pieces(chunks: Iterable[bytes], separator: bytes, largest: int = LARGEST) -> Iterator[bytes]:
    """What lies between the separators, wherever the chunks are cut; nothing where there are no chunks."""
    pending: list[bytes] = []
    rest = b""
    size = 0
    empty = True
    for chunk in chunks:
        empty = False
        *whole, rest = (rest + chunk).split(separator)
        for piece in whole:
            yield b"".join((*pending, piece))
            pending.clear()
        # the end of the rest may be the beginning of a separator
        settled = max(0, len(rest) - len(separator) + 1)
        pending.append(rest[:settled])
        size = size + settled if len(pending) > 1 else settled
        refuse_larger(size, largest)
        rest = rest[settled:]
    if not empty:
        yield b"".join((*pending, rest))
