"""Rows of a document: JSON objects, alone, in an array or one after another, or CSV with a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Literal

from connector_sdk import DocumentError, Payload
from connectors.database import json_values

Format = Literal["json", "csv"]
Row = Mapping[str, Any]
LARGEST_FIELD = 64 << 20


def rows(payload: Payload, format: Format, delimiter: str, null: str | None) -> Iterator[Row]:
    """Each row as it is read; DocumentError says where the document is no such thing."""
    with payload.open() as stream:
        yield from _csv(stream, delimiter, null) if format == "csv" else _json(stream)


def _json(stream: BinaryIO) -> Iterator[Row]:
    number = 0
    try:
        if not stream.read(1):
            raise DocumentError("the document is empty; rows are JSON objects, or an array of them", "NoRows")
        stream.seek(0)
        for number, row in enumerate(json_values.values(stream), 1):
            if not isinstance(row, dict):
                raise DocumentError(f"row {number} is no JSON object", "InvalidRow")
            yield row
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else _reason(error)
        raise DocumentError(f"the document is not JSON, after row {number}: {reason}", "InvalidJson") from error


def _reason(error: ValueError) -> str:
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _csv(stream: BinaryIO, delimiter: str, null: str | None) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_FIELD)  # for all of Python, which has no other way; its own is 128 KiB
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        names = next(reader, None)
        if not names:
            raise DocumentError("the document is empty; CSV names its columns in the first line", "InvalidCsv")
        if len(set(names)) < len(names):
            raise DocumentError("two columns of the header have the same name", "InvalidCsv")
        for fields in reader:
            if not fields:
                continue
            if len(fields) != len(names):
                raise DocumentError(
                    f"line {reader.line_num} has {len(fields)} fields, the header has {len(names)}", "InvalidCsv"
                )
            yield {name: None if field == null else field for name, field in zip(names, fields, strict=True)}
    except (csv.Error, UnicodeDecodeError) as error:
        reason = _reason(error) if isinstance(error, UnicodeDecodeError) else str(error)
        raise DocumentError(f"the document is not CSV, line {reader.line_num}: {reason}", "InvalidCsv") from error
    finally:
        text.detach()
