"""Lines: ended by `\\n` or `\\r\\n`, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from connector_sdk import Payload, Settings, setting
from process_runner.formats.encoding import ENCODING, Encoding, utf8
from process_runner.formats.parts import LARGEST, about_document, batches, refuse_larger


class LinesSplit(Settings):
    """One document for each line, or for each batch of lines; the last line's end is left out."""

    format: Literal["lines"] = setting("Lines of text.")
    batch: int = setting("How many lines a document gets.", 1, ge=1)
    encoding: Encoding = setting(ENCODING, "utf-8")

    def split(self, payload: Payload) -> Iterator[bytes]:
        """The parts as UTF-8; none for an empty payload."""
        found = lines(utf8(payload, self.encoding))
        whole = found if self.batch == 1 else map(b"".join, batches(found, self.batch))
        yield from map(without_newline, whole)


class LinesCombine(Settings):
    """One document of all, with exactly one line end between two documents and none at the end."""

    format: Literal["lines"] = setting("Lines of text.")
    encoding: Encoding = setting(ENCODING, "utf-8")

    def combine(self, payloads: Iterable[Payload]) -> Iterator[bytes]:
        """The combined document in pieces."""
        for number, payload in enumerate(payloads, 1):
            if number > 1:
                yield b"\n"
            with about_document(number):
                yield from _without_last_newline(utf8(payload, self.encoding))


def lines(chunks: Iterable[bytes], largest: int = LARGEST) -> Iterator[bytes]:
    """Each line with its end; a line is held whole, nothing else is."""
    pending: list[bytes] = []
    size = 0
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        if pending and whole:
            whole[0] = b"".join((*pending, whole[0]))
            pending.clear()
        for line in whole:
            yield line + b"\n"
        if rest:
            pending.append(rest)
            size = size + len(rest) if len(pending) > 1 else len(rest)
            refuse_larger(size, largest)
    if pending:
        yield b"".join(pending)


def without_newline(line: bytes) -> bytes:
    """The line without its end, if it has one."""
    return line[: -2 if line.endswith(b"\r\n") else -1] if line.endswith(b"\n") else line


def _without_last_newline(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        data = held + chunk
        yield data[:-2]
        held = data[-2:]
    yield without_newline(held)
