"""JSON values of a stream, one by one: the elements of an array, or values after one another."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

CHUNK = 64 << 10
LARGEST = 64 << 20
"""Characters that one value may have."""
SPACE = re.compile(r"[ \t\r\n]*")


def values(stream: BinaryIO) -> Iterator[Any]:
    """Each value, its numbers exact; ValueError with a reason where the stream is not JSON."""
    text = _Text(stream)
    if text.mark() != "[":
        while text.mark():
            yield text.value()
        return
    text.skip()
    if text.mark() == "]":
        text.skip()
    else:
        yield text.value()
        while text.mark() == ",":
            text.skip()
            yield text.value()
        if text.mark() != "]":
            raise ValueError("a `,` or `]` is missing")
        text.skip()
    if text.mark():
        raise ValueError("something follows the array")


class _Text:
    """The text of a stream, of which no more is held than the value under way needs."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)
        self._held = ""
        self._at = 0
        self._ended = False

    def mark(self) -> str:
        """The next character that is no space, or an empty text at the end; it is not taken."""
        while True:
            self._at = SPACE.match(self._held, self._at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if self._at < len(self._held) or self._ended:
                return self._held[self._at : self._at + 1]
            self._more()

    def skip(self) -> None:
        """Take that character."""
        self._at += 1

    def value(self) -> Any:
        """Take the value that begins there; what may go on behind the text that is held is read on first."""
        self.mark()
        while True:
            try:
                value, end = self._json.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    raise ValueError(error.msg) from error
            else:
                if end < len(self._held) or self._ended:
                    self._at = end
                    return value
            if len(self._held) - self._at > LARGEST:
                raise ValueError("one value is larger than 64 MiB, or is never closed")
            self._more()

    def _more(self) -> None:
        """Read as much again as is held, so that a long value is not looked at too often."""
        data = self._stream.read(max(CHUNK, len(self._held) - self._at))
        self._ended = not data
        self._held = self._held[self._at :] + self._decoder.decode(data, final=self._ended)
        self._at = 0


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
