"""Reading JSON value by value from a stream, each exactly as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from connector_sdk import DocumentError
from process_runner.formats.parts import LARGEST, refuse_larger

WINDOW = 256 << 10
"""Arrays and objects with more characters are gone through member by member instead of held."""

NEAR_END = 16
"""This near to the end of what was read, a number, a literal or an escape may be cut off."""

SPACE = re.compile(r"[ \t\n\r]*")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# numbers are looked at, not converted: what is handed on is the text
DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


class JsonReader:
    """A cursor in JSON text that comes in pieces. Every error is a DocumentError with line and column."""

    def __init__(self, pieces: Iterator[str], window: int = WINDOW, largest: int = LARGEST) -> None:
        self._pieces = pieces
        self._window = window
        self._largest = largest
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._column = 1
        self._last = ""

    def peek(self) -> str:
        """The next character that is not white space, or an empty text at the end."""
        self._space()
        return self._text[self._at : self._at + 1]

    def text(self) -> str:
        """The value at the cursor as it is written; the cursor goes behind it."""
        found = self._value()
        return self._large_text() if found is None else self._take(found[1])

    def copy(self) -> Iterator[str]:
        """The same in pieces."""
        found = self._value()
        if found is None:
            yield from self._members_copied()
        else:
            yield self._take(found[1])

    def skip(self) -> None:
        """Go behind the value at the cursor, checking that it is JSON."""
        found = self._value()
        if found is None:
            for _ in self._members_copied():
                pass
        else:
            self._take(found[1])

    def elements(self) -> Iterator[None]:
        """Stop at each element of the array at the cursor; the caller takes or skips it before going on."""
        self.punctuation("[")
        if self.peek() != "]":
            yield
            while self.peek() == ",":
                self.punctuation(",")
                yield
        self.punctuation("]")

    def members(self) -> Iterator[str]:
        """Stop at each value of the object at the cursor, giving its key; the caller takes or skips it."""
        self.punctuation("{")
        if self.peek() != "}":
            yield self._key()
            while self.peek() == ",":
                self.punctuation(",")
                yield self._key()
        self.punctuation("}")

    def punctuation(self, mark: str) -> str:
        """Go behind `mark`, which must be next."""
        if (found := self.peek()) != mark:
            expected = f"',' or {mark!r}" if mark in "]}" else repr(mark)
            raise self.invalid(f"expected {expected}, found {repr(found) if found else 'the end of the document'}")
        return self._take(self._at + 1)

    def separated(self) -> bool:
        """Whether another value may begin at the cursor, right behind the value that was taken last."""
        if self._at == len(self._text) and not self._ended:
            self._read()
        return self._last in '"]}' or self._text[self._at : self._at + 1] in ("", " ", "\t", "\n", "\r")

    def invalid(self, reason: str, at: int | None = None, code: str = "InvalidJson") -> DocumentError:
        """The error for text that is no JSON, at the cursor or at a place of the window."""
        line, column = self._place(self._at if at is None else at)
        return DocumentError(f"line {line}, column {column}: {reason}", code)

    def _value(self) -> tuple[Any, int] | None:
        return self._scan(self._window if self.peek() in ("[", "{") else None)

    def _large_text(self) -> str:
        pieces: list[str] = []
        size = 0
        for piece in self._members_copied():
            pieces.append(piece)
            size += len(piece)
            refuse_larger(size, self._largest)
        return "".join(pieces)

    def _members_copied(self) -> Iterator[str]:
        try:
            yield from self._copy_array() if self.peek() == "[" else self._copy_object()
        except RecursionError as error:
            raise self.invalid("nested too deeply to be read") from error

    def _copy_array(self) -> Iterator[str]:
        yield self.punctuation("[") + self._space()
        if self.peek() != "]":
            yield from self.copy()
            yield self._space()
            while self.peek() == ",":
                yield self.punctuation(",") + self._space()
                yield from self.copy()
                yield self._space()
        yield self.punctuation("]")

    def _copy_object(self) -> Iterator[str]:
        yield self.punctuation("{") + self._space()
        if self.peek() != "}":
            yield from self._copy_member()
            while self.peek() == ",":
                yield self.punctuation(",") + self._space()
                yield from self._copy_member()
        yield self.punctuation("}")

    def _copy_member(self) -> Iterator[str]:
        yield self._take(self._string()[1]) + self._space()
        yield self.punctuation(":") + self._space()
        yield from self.copy()
        yield self._space()

    def _key(self) -> str:
        key, end = self._string()
        self._take(end)
        self.punctuation(":")
        return str(key)

    def _string(self) -> tuple[Any, int]:
        if self.peek() != '"':
            raise self.invalid("expected a key in double quotes")
        found = self._scan(None)
        assert found is not None  # noqa: S101  # without a window it is found or an error
        return found

    def _scan(self, window: int | None) -> tuple[Any, int] | None:
        """The value at the cursor and its end; None if it does not end within `window` characters."""
        while (found := self._look()) is None:
            if window is not None and len(self._text) - self._at >= window:
                return None
            self._read()
        return found

    def _look(self) -> tuple[Any, int] | None:
        try:
            value, end = DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            cut_off = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - NEAR_END
            if cut_off and not self._ended:
                return None
            raise self.invalid(error.msg, error.pos) from error
        except ValueError as error:
            raise self.invalid(str(error)) from error
        except RecursionError as error:
            raise self.invalid("nested too deeply to be read") from error
        # `1.` is read as 1, and may go on as 1.5 in the next piece
        return (value, end) if end < len(self._text) - NEAR_END or self._ended else None

    def _space(self) -> str:
        """Go behind white space, which is given."""
        if self._text[self._at : self._at + 1] > " ":
            return ""
        taken = ""
        while True:
            end = SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # it also matches nothing
            taken += self._text[self._at : end]
            self._at = end
            if end < len(self._text) or self._ended:
                return taken
            self._read()

    def _take(self, end: int) -> str:
        taken = self._text[self._at : end]
        self._at = end
        self._last = taken[-1]
        return taken

    def _read(self) -> None:
        """Drop what is behind the cursor and double what lies before it, so that looking again costs little."""
        self._line, self._column = self._place(self._at)
        rest = self._text[self._at :]
        refuse_larger(len(rest), self._largest)
        pieces, size = [rest], 0
        while size <= len(rest):
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            pieces.append(piece)
            size += len(piece)
        self._text, self._at = "".join(pieces), 0

    def _place(self, at: int) -> tuple[int, int]:
        newline = self._text.rfind("\n", 0, at)
        column = at - newline if newline >= 0 else self._column + at
        return self._line + self._text.count("\n", 0, at), column
