"""CSV: records that may hold quoted line ends, with the header repeated in every part."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.csv_records import Dialect, records
from process_runner.formats.encoding import ENCODING, Encoding, utf8
from process_runner.formats.lines import lines, without_newline
from process_runner.formats.parts import about_document, batches

LARGEST_FIELD = 64 << 20
csv.field_size_limit(LARGEST_FIELD)  # for all of Python, which has no other way; its own is 128 KiB

DELIMITER = "The character between two fields."
QUOTE = "The character around fields that hold delimiters or line ends; an empty text where there is none."
HEADER = "Whether the first record names the columns."


class CsvSplit(Settings):
    """One document for each record, or for each batch of records, written as they were; blank lines are left out."""

    format: Literal["csv"] = setting("Comma-separated values.")
    delimiter: str = setting(DELIMITER, ",", min_length=1, max_length=1, examples=[";", "\t"])
    quote: str = setting(QUOTE, '"', max_length=1)
    header: bool = setting(f"{HEADER} It is repeated in every part.", True)
    batch: int = setting("How many records a document gets.", 1, ge=1)
    encoding: Encoding = setting(ENCODING, "utf-8")

    def split(self, payload: Payload) -> Iterator[bytes]:
        """The parts as UTF-8; none for an empty payload or a header alone."""
        found = records(lines(utf8(payload, self.encoding)), Dialect.of(self.delimiter, self.quote))
        header = [_ended(record) for record in _first(found)] if self.header else []
        for batch in batches(found, self.batch):
            yield b"".join((*header, *batch))


class CsvCombine(Settings):
    """One document of all records, under one header; documents whose columns differ are refused."""

    format: Literal["csv"] = setting("Comma-separated values.")
    delimiter: str = setting(DELIMITER, ",", min_length=1, max_length=1, examples=[";", "\t"])
    quote: str = setting(QUOTE, '"', max_length=1)
    header: bool = setting(f"{HEADER} It is written once.", True)
    encoding: Encoding = setting(ENCODING, "utf-8")

    def combine(self, payloads: Iterable[Payload]) -> Iterator[bytes]:
        """The combined document in pieces; empty documents add nothing."""
        columns: list[str] | None = None
        for number, payload in enumerate(payloads, 1):
            with about_document(number):
                found = records(lines(utf8(payload, self.encoding)), Dialect.of(self.delimiter, self.quote))
                for header in _first(found) if self.header else ():
                    if columns is None:
                        columns = self._columns(header)
                        yield _ended(header)
                    _refuse_other(self._columns(header), columns)
                yield from map(_ended, found)

    def _columns(self, header: bytes) -> list[str]:
        text = without_newline(header).decode()
        if not self.quote:
            return text.split(self.delimiter)
        try:
            return next(csv.reader([text], delimiter=self.delimiter, quotechar=self.quote))
        except csv.Error as error:
            raise DocumentError(f"line 1: the header cannot be read: {error}", "InvalidCsv") from error


def _first(found: Iterator[bytes]) -> Iterator[bytes]:
    first = next(found, None)
    return chain(()) if first is None else chain((first,))


def _ended(record: bytes) -> bytes:
    return record if record.endswith(b"\n") else record + b"\n"


def _refuse_other(columns: list[str], expected: list[str]) -> None:
    if columns == expected:
        return
    missing = [name for name in expected if name not in columns]
    unknown = [name for name in columns if name not in expected]
    facts = [f"without {', '.join(map(repr, missing))}"] if missing else []
    facts += [f"with {', '.join(map(repr, unknown))}"] if unknown else []
    raise DocumentError(
        f"its columns differ from the first document's ({' and '.join(facts) or 'the same ones in another order'}); "
        "bring all documents to the same columns first",
        "ColumnsDiffer",
    )
