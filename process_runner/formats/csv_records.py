"""Where the records of a CSV begin and end; their bytes are not touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector_sdk import DocumentError

LARGEST_RECORD = 64 << 20
LINE_ENDS = (b"\n", b"\r\n", b"")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How fields are divided and quoted, as UTF-8."""

    delimiter: bytes
    quote: bytes

    @classmethod
    def of(cls, delimiter: str, quote: str) -> Dialect:
        """The dialect as a process writes it."""
        return cls(delimiter.encode(), quote.encode())


def records(lines: Iterable[bytes], dialect: Dialect) -> Iterator[bytes]:
    """Each record with its line end; DocumentError with the line for a quote that is wrong or never closed."""
    record: list[bytes] = []
    size = began = 0
    for number, line in enumerate(lines, 1):
        if not record and line in LINE_ENDS:
            continue
        began = began if record else number
        inside = _ends_inside_quotes(line, bool(record), dialect, number)
        record.append(line)
        size += len(line)
        if not inside:
            yield b"".join(record)
            record.clear()
            size = 0
        elif size > LARGEST_RECORD:
            raise _unclosed(began, "within 64 MiB")
    if record:
        raise _unclosed(began, "before the end")


def _ends_inside_quotes(line: bytes, inside: bool, dialect: Dialect, number: int) -> bool:
    if not dialect.quote or (not inside and dialect.quote not in line):
        _refuse_lone_return(line, number)
        return False
    at = 0
    while True:
        if inside:
            at = _closing(line, at, dialect.quote)
            if at < 0:
                return True
            _refuse_text_after_quote(line, at, dialect, number)
        elif line.startswith(dialect.quote, at):
            at, inside = at + len(dialect.quote), True
            continue
        end = line.find(dialect.delimiter, at)
        _refuse_lone_return(line[at:] if end < 0 else line[at:end], number)
        if end < 0:
            return False
        at, inside = end + len(dialect.delimiter), False


def _closing(line: bytes, at: int, quote: bytes) -> int:
    """The place behind the quote that closes a field, or -1; a doubled quote is a quote within the field."""
    while (at := line.find(quote, at)) >= 0:
        at += len(quote)
        if not line.startswith(quote, at):
            return at
        at += len(quote)
    return at


def _refuse_text_after_quote(line: bytes, at: int, dialect: Dialect, number: int) -> None:
    if not line.startswith(dialect.delimiter, at) and line[at:] not in LINE_ENDS:
        column = len(line[:at].decode()) + 1
        raise DocumentError(
            f"line {number}, column {column}: text after a closing quote; a quote within a field is written twice",
            "InvalidCsv",
        )


def _refuse_lone_return(field: bytes, number: int) -> None:
    if b"\r" in field.rstrip(b"\r\n"):
        raise DocumentError(
            f"line {number}: a carriage return without a line feed, outside quotes; "
            "search_replace turns such line ends into line feeds",
            "InvalidCsv",
        )


def _unclosed(began: int, until: str) -> DocumentError:
    return DocumentError(f"line {began}: a quote that is opened in this record is not closed {until}", "InvalidCsv")
