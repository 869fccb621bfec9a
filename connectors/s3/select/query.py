"""What one Select asks for, and how a request document says it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from connector_sdk import DocumentError, Payload, Settings
from connector_sdk.settings import SettingsError, overridden
from connectors.s3.select.format import CsvInput, CsvOutput, JsonInput, JsonOutput

MAX_REQUEST = 1 << 20
ELEMENTS = ("FileKey", "Expression", "CompressionType", "ObjectFormat", "CSV", "JSON", "Parquet", "OutputSerialization")
FORMATS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}
COMPRESSIONS = ("none", "gzip", "bzip2")
Kind = TypeVar("Kind", bound=Settings)
WORDS = ("file_header_info", "type", "quote_fields")


@dataclass(frozen=True, slots=True)
class Query:
    """One expression over one object, and how object and results are written."""

    key: str
    expression: str
    format: str = "csv"
    compression: str = "none"
    csv: CsvInput = field(default_factory=CsvInput)
    json: JsonInput = field(default_factory=JsonInput)
    output: CsvOutput | JsonOutput = field(default_factory=CsvOutput)

    def of(self, key: str) -> Query:
        """The same over another object."""
        return replace(self, key=key)

    def checked(self) -> Query:
        """The query itself; DocumentError for a compression around Parquet, which compresses its own columns."""
        if self.format == "parquet" and self.compression != "none":
            raise _invalid("Parquet compresses its own columns; CompressionType must be NONE")
        return self


def read_request(payload: Payload, defaults: Query) -> Query:
    """The query that a SelectRequest says, as XML or as JSON; what it leaves out is as in `defaults`."""
    if payload.size > MAX_REQUEST:
        raise _invalid(f"a SelectRequest has at most 1 MB, this document has {payload.size} bytes")
    text = payload.read()
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in (b"<", b"{"):
        raise _invalid("the document is neither XML nor JSON; or set the option expression and the parameter id")
    said = _xml(text) if start == b"<" else _json(text)
    if unknown := said.keys() - set(ELEMENTS):
        raise _invalid(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(ELEMENTS)}")
    for name in ("FileKey", "Expression"):
        if not isinstance(said.get(name), str) or not said[name]:
            raise _invalid(f"{name} is missing")
    return _read(said, defaults).checked()


def _read(said: Mapping[str, Any], defaults: Query) -> Query:
    form = _format(said, defaults.format)
    compression = str(said.get("CompressionType") or defaults.compression).lower()
    if compression not in COMPRESSIONS:
        raise _invalid(f"CompressionType is {compression.upper()}; there are NONE, GZIP and BZIP2")
    return replace(
        defaults,
        key=said["FileKey"],
        expression=said["Expression"],
        format=form,
        compression=compression,
        csv=_options(said, "CSV", defaults.csv),
        json=_options(said, "JSON", defaults.json),
        output=_output(said.get("OutputSerialization"), defaults.output),
    )


def _format(said: Mapping[str, Any], default: str) -> str:
    elements = [form for form, name in FORMATS.items() if name in said]
    named = str(said.get("ObjectFormat") or (elements[0] if elements else default)).lower()
    if named not in FORMATS:
        raise _invalid(f"ObjectFormat is {said['ObjectFormat']}; there are CSV, JSON and Parquet")
    if wrong := [FORMATS[form] for form in elements if form != named]:
        raise _invalid(f"ObjectFormat is {FORMATS[named]}, but there is an element {', '.join(wrong)}")
    return named


def _output(said: Any, default: CsvOutput | JsonOutput) -> CsvOutput | JsonOutput:
    if not said:
        return default
    if not isinstance(said, Mapping) or len(said) != 1 or not said.keys() <= {"CSV", "JSON"}:
        raise _invalid("OutputSerialization holds one element, CSV or JSON")
    return _options(said, "CSV", CsvOutput()) if "CSV" in said else _options(said, "JSON", JsonOutput())


def _options(said: Mapping[str, Any], name: str, default: Kind) -> Kind:
    """Settings from an element with the service's names; empty ones are left at their defaults."""
    given = said.get(name) or {}
    if not isinstance(given, Mapping):
        raise _invalid(f"{name} holds elements such as FileHeaderInfo, not a text")
    options = {_snake(key): value for key, value in given.items() if value not in (None, "")}
    for word in WORDS:
        if isinstance(options.get(word), str):
            options[word] = options[word].lower()
    try:
        return overridden(default, options)
    except SettingsError as error:
        first = error.faults[0]
        where = "".join(f"{camel(str(part))}: " for part in first.path)
        raise _invalid(f"{name}: {where}{first.text}") from error


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """A setting's name as the service writes it."""
    return "".join(part.capitalize() for part in name.split("_"))


def _json(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _invalid(f"the document is not JSON: {error}") from error
    inner = said.get("SelectRequest", said)
    if not isinstance(inner, dict):
        raise _invalid("SelectRequest holds FileKey, Expression and more")
    return inner


def _xml(text: bytes) -> dict[str, Any]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise _invalid(f"the document is not XML: {error}") from error
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise _invalid("the document has a DOCTYPE, which a SelectRequest does not need")
    said = _element(root)
    return said if isinstance(said, dict) else {}


def _element(element: Any) -> Any:
    """The text of an element, or its children by name."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return element.text or ""
    return {child.tag.rpartition("}")[2]: _element(child) for child in children}


def _invalid(message: str) -> DocumentError:
    return DocumentError(f"SelectRequest: {message}", "InvalidSelectRequest")
