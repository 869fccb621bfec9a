"""Results as CSV or as one JSON object on each line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, TypeAlias

from connectors.s3.select.faults import Fault
from connectors.s3.select.format import CsvOutput, JsonOutput
from connectors.s3.select.values import MISSING

Write: TypeAlias = Callable[[Sequence[str], Sequence[Any]], str]
"""Names and values of a result -> its text, with the delimiter."""


def writer(written: CsvOutput | JsonOutput) -> Write:
    """How to write a result."""
    return _csv(written) if isinstance(written, CsvOutput) else _json(written)


def _json(written: JsonOutput) -> Write:
    end = written.record_delimiter

    def write(names: Sequence[str], values: Sequence[Any]) -> str:
        fields = [
            f"{encode_basestring(name)}:{json_text(value)}"
            for name, value in zip(names, values, strict=True)
            if value is not MISSING
        ]
        return "{" + ",".join(fields) + "}" + end

    return write


def json_text(value: Any) -> str:
    """A value as JSON; a DECIMAL keeps its digits, a timestamp is a text."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if value is None or kind is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if kind is int or kind is Decimal:
        return str(value)
    if kind is float:
        return str(value) if isfinite(value) else "null"
    if kind is dict:
        return "{" + ",".join(f"{encode_basestring(name)}:{json_text(each)}" for name, each in value.items()) + "}"
    if kind is list:
        return "[" + ",".join(map(json_text, value)) + "]"
    return encode_basestring(str(value))


def _csv(written: CsvOutput) -> Write:
    delimiter, quote, end = written.field_delimiter, written.quote_character, written.record_delimiter
    escaped = written.quote_escape_character
    risky = re.compile(f"[{re.escape(delimiter + quote + end)}\\r\\n]").search
    always = written.quote_fields == "always"

    def write(_: Sequence[str], values: Sequence[Any]) -> str:
        return delimiter.join(map(field, values)) + end

    def field(value: Any) -> str:
        text = value if type(value) is str else csv_text(value)
        if always or risky(text):
            if escaped != quote:
                text = text.replace(escaped, escaped * 2)
            return quote + text.replace(quote, escaped + quote) + quote
        return text

    return write


def csv_text(value: Any) -> str:
    """A value as the text of a CSV field; NULL and MISSING are empty."""
    if value is None or value is MISSING:
        return ""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) in (dict, list):
        return json_text(value)
    return str(value)


def bounded(text: str, limit: int) -> str:
    """The text, unless a result is longer than a record may be."""
    if len(text) > limit:
        raise Fault("OverMaxRecordSize", "a result is longer than 1 MB, the limit of Select")
    return text
