"""Records of a CSV object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from connector_sdk import DocumentError
from connectors.s3.select.csv_fields import Fields
from connectors.s3.select.faults import Fault, refusal
from connectors.s3.select.format import CsvInput
from connectors.s3.select.scope import Evaluate
from connectors.s3.select.text import MAX_RECORD, Source, pieces, too_long
from connectors.s3.select.tree import Name, Path, Statement
from connectors.s3.select.values import MISSING

POSITION = re.compile(r"_([0-9]{1,6})")


class CsvRecords:
    """Lists of texts, one for each record; the header is read at once, the rest as it is asked for."""

    loose = True

    def __init__(self, source: Source, written: CsvInput, statement: Statement) -> None:
        self._written = written
        self._fields = Fields(written)
        self._statement = statement
        self._names: list[str] = []
        if statement.source.steps:
            raise refusal(
                statement.text, statement.source.offset, "InvalidDataSource", "a path after S3Object[*] is for JSON"
            )
        records = self._split(pieces(source, written.record_delimiter or "\n"))
        first = next(records, None) if written.file_header_info != "none" else []
        self._header = first if written.file_header_info == "use" else None
        self._empty = first is None
        self._records = records

    def __iter__(self) -> Iterator[list[str]]:
        return self._records

    def column(self, path: Path) -> Evaluate:
        """Access to the column that a path names."""
        index = self._index(path)
        return lambda record: record[index] if len(record) > index else MISSING

    def fields(self, record: list[str]) -> tuple[Sequence[str], Sequence[Any]]:
        """Names and values of a whole record."""
        width = len(record)
        if len(self._names) != width:
            known = (self._header or [])[:width]
            self._names = [*known, *(f"_{number}" for number in range(len(known) + 1, width + 1))]
        return self._names, record

    def _split(self, parts: Iterator[str]) -> Iterator[list[str]]:
        number = 0
        for part in parts:
            number += 1
            record = part.removesuffix("\r") if self._written.record_delimiter is None else part
            if not record or record.startswith(self._written.comments):
                continue
            try:
                fields = self._fields.split(record)
                yield self._continued(part, parts, number) if fields is None else fields
            except Fault as fault:
                raise DocumentError(f"record {number} of the object: {fault}", fault.code) from fault

    def _continued(self, part: str, parts: Iterator[str], number: int) -> list[str]:
        """A record whose quoted fields go on behind record delimiters."""
        if not self._written.allow_quoted_record_delimiter:
            raise Fault(
                "CSVEscapingRecordDelimiter",
                "a quoted field is not closed; allow_quoted_record_delimiter lets it go on in the next line",
            )
        delimiter = self._written.record_delimiter or "\n"
        gathered, size = [part], len(part)
        for more in parts:
            gathered.append(more)
            size += len(more) + len(delimiter)
            if size > MAX_RECORD:
                raise too_long(number)
            if self._fields.closes(more):
                whole = delimiter.join(gathered)
                if self._written.record_delimiter is None:
                    whole = whole.removesuffix("\r")
                if (fields := self._fields.split(whole)) is not None:
                    return fields
        raise Fault("CSVParsingError", "a quoted field is not closed before the end of the object")

    def _index(self, path: Path) -> int:
        *before, last = path.steps
        alias = [name.text for name in self._statement.source.names if name.text != "_1"]
        if not isinstance(last, Name) or len(before) > 1:
            raise self._refused(path, "InvalidKeyPath", "a column of CSV has no parts; name one column")
        if before and not any(isinstance(before[0], Name) and before[0].matches(name) for name in alias):
            raise self._refused(
                path, "InvalidTableAlias", f"the record is called {' or '.join(alias)} in this expression"
            )
        return self._named(path, last)

    def _named(self, path: Path, name: Name) -> int:
        found = [index for index, each in enumerate(self._header or ()) if name.matches(each)]
        if len(found) > 1:
            raise self._refused(
                path, "AmbiguousFieldName", f"{len(found)} columns are called {name.text}; use quotes or _1, _2..."
            )
        if found:
            return found[0]
        if match := POSITION.fullmatch(name.text):
            if int(match[1]) == 0:
                raise self._refused(path, "InvalidColumnIndex", "columns count from _1")
            return int(match[1]) - 1
        if self._empty:
            return 0
        raise self._refused(path, "MissingHeaders", self._absent(name))

    def _absent(self, name: Name) -> str:
        if self._header is None:
            return f"the object has no column names ({name.text}); use _1, _2... or file_header_info: use"
        shown = ", ".join(self._header[:20]) + (", ..." if len(self._header) > 20 else "")
        return f"there is no column {name.text}; there are {shown}"

    def _refused(self, path: Path, code: str, message: str) -> DocumentError:
        return refusal(self._statement.text, path.offset, code, message)
