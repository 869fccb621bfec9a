"""How an object and a result are written: the service's options, in this project's spelling."""

from __future__ import annotations

from typing import Annotated, Any
from typing import Literal as OneOf

from connector_sdk import Parsed, Settings, setting

Engine = OneOf["auto", "service", "local"]
ESCAPES = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\r\n": "\r\n"}


def _character(written: Any, _: Any) -> str:
    text = ESCAPES.get(written, written)
    if not isinstance(text, str) or len(text) != 1:
        raise ValueError("takes one character")
    return text


def _delimiter(written: Any, _: Any) -> str:
    text = ESCAPES.get(written, written)
    if not isinstance(text, str) or len(text) not in (1, 2):
        raise ValueError(r"takes one character, or two such as \r\n")
    return text


Character = Annotated[str, Parsed({"type": "string", "minLength": 1, "maxLength": 2}, _character)]
Delimiter = Annotated[str, Parsed({"type": "string", "minLength": 1, "maxLength": 4}, _delimiter)]
LINE_END = "\n"


class CsvInput(Settings):
    """How a CSV object is written."""

    file_header_info: OneOf["none", "ignore", "use"] = setting(
        "The first record: `none`, it is data; `ignore`, names that cannot be used; `use`, the names of the columns.",
        "none",
    )
    field_delimiter: Character = setting("The character between two fields.", ",")
    record_delimiter: Delimiter | None = setting(
        r"What ends a record; by default \n, and a \r before it is dropped.", None
    )
    quote_character: Character = setting("The character around fields that contain delimiters.", '"')
    quote_escape_character: Character = setting("The character that makes a quote inside quotes plain.", '"')
    comments: Character = setting("Records that start with this character are skipped.", "#")
    allow_quoted_record_delimiter: bool = setting("Whether quoted fields may contain record delimiters.", False)

    def validate(self) -> None:
        if self.field_delimiter in (self.quote_character, "\r", "\n"):
            raise ValueError("field_delimiter must differ from quote_character and cannot be the end of a line")


class JsonInput(Settings):
    """How a JSON object is written."""

    type: OneOf["document", "lines"] = setting("`lines`: one record on each line; `document`: JSON values.", "document")


class CsvOutput(Settings):
    """How CSV results are written."""

    quote_fields: OneOf["asneeded", "always"] = setting("Which fields stand in quotes.", "asneeded")
    field_delimiter: Character = setting("The character between two fields.", ",")
    record_delimiter: Delimiter = setting("What ends a record.", LINE_END)
    quote_character: Character = setting("The character around fields.", '"')
    quote_escape_character: Character = setting("The character put before a quote inside quotes.", '"')


class JsonOutput(Settings):
    """How JSON results are written."""

    record_delimiter: Delimiter = setting("What ends a record.", LINE_END)
