"""The fields of one CSV record."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from connectors.s3.select.faults import Fault
from connectors.s3.select.format import CsvInput


class Fast:
    """The standard library's parser on one record at a time; it gives up where records are unusual."""

    def __init__(self, written: CsvInput) -> None:
        self._written = written
        self._record: str | None = None
        self._reader = self._opened()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        record, self._record = self._record, None
        if record is None:
            raise StopIteration
        return record

    def split(self, record: str) -> list[str] | None:
        """The fields, or None where somebody slower has to look."""
        if "\r" in record or "\n" in record:
            return None  # it would take them for the end of the record
        self._record = record
        try:
            return next(self._reader)
        except csv.Error:
            self._reader = self._opened()
            return None

    def _opened(self) -> Iterator[list[str]]:
        delimiter, quote = self._written.field_delimiter, self._written.quote_character
        return csv.reader(self, delimiter=delimiter, quotechar=quote, strict=True)


class Fields:
    """Splits records; `open_at_end` says whether a quoted field goes on behind the record delimiter."""

    def __init__(self, written: CsvInput) -> None:
        self._delimiter = written.field_delimiter
        self._quote = written.quote_character
        self._escape = written.quote_escape_character
        quote, escape = re.escape(self._quote), re.escape(self._escape)
        self._fast = Fast(written) if quote == escape else None
        if quote == escape:
            body = f"(?:[^{quote}]++|{quote}{quote})*+"
        else:
            body = f"(?:[^{quote}{escape}]++|{escape}[{quote}{escape}]?+)*+"
        self._quoted = re.compile(f"{quote}({body}){quote}", re.DOTALL)
        self._escaped = re.compile(f"{escape}([{quote}{escape}])")
        self._pair = re.compile(f"{escape}[{quote}{escape}]")

    def split(self, record: str) -> list[str] | None:
        """The fields, or None where a quoted field is not closed; Fault for text behind a closing quote."""
        if self._quote not in record:
            return record.split(self._delimiter)
        if self._fast and (fields := self._fast.split(record)) is not None:
            return fields
        return self._split(record)

    def _split(self, record: str) -> list[str] | None:
        fields: list[str] = []
        start = 0
        while True:
            end = self._end_of_quoted(record, start) if record.startswith(self._quote, start) else -1
            if end is None:
                return None
            if end < 0:
                end = record.find(self._delimiter, start)
                end = len(record) if end < 0 else end
                fields.append(record[start:end])
            else:
                fields.append(self._escaped.sub(r"\1", record[start + 1 : end - 1]))
            if end == len(record):
                return fields
            start = end + 1

    def closes(self, part: str) -> bool:
        """Whether a quoted field that was open before `part` may be closed behind it."""
        if self._quote == self._escape:
            return part.count(self._quote) % 2 == 1
        return self._quote in self._pair.sub("", part)

    def _end_of_quoted(self, record: str, start: int) -> int | None:
        match = self._quoted.match(record, start)
        if match is None:
            return None
        end = match.end()
        if end < len(record) and not record.startswith(self._delimiter, end):
            raise Fault("CSVUnescapedQuote", f"text follows the closing quote of a field: {record[end : end + 20]!r}")
        return end
