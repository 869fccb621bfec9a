"""Facts about objects as S3 tells them, as tracked properties and as documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from connectors.s3.options import Format

ALGORITHMS = ("CRC64NVME", "CRC32C", "CRC32", "SHA256", "SHA1")
NOT_XML = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
ENCODE = json.JSONEncoder(ensure_ascii=False).encode
Fact = str | int | bool | Mapping[str, str] | None


def etag(answer: Mapping[str, Any]) -> str | None:
    """The ETag without its quotes, as conditions take it."""
    value = answer.get("ETag")
    return str(value).strip('"') if value else None


def checksum(answer: Mapping[str, Any]) -> str | None:
    """The checksum S3 keeps, as `CRC32:value`."""
    return next((f"{name}:{answer[f'Checksum{name}']}" for name in ALGORITHMS if answer.get(f"Checksum{name}")), None)


def version_id(answer: Mapping[str, Any]) -> str | None:
    """The id of the object's version; None for `null`, which stands for the one version of a plain bucket."""
    value = answer.get("VersionId")
    return str(value) if value and value != "null" else None


def moment(value: datetime | None) -> str | None:
    """A time as S3 writes it: `2026-04-01T12:00:00.000Z`."""
    if not value:
        return None
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tracked(answer: Mapping[str, Any]) -> dict[str, str | int | None]:
    """What Get and Head tell of an object, by tracked property."""
    return {
        "version_id": version_id(answer),
        "etag": etag(answer),
        "size": answer.get("ContentLength"),
        "last_modified": moment(answer.get("LastModified")),
        "checksum": checksum(answer),
    }


def written(form: Format, root: str, facts: Mapping[str, Fact]) -> str:
    """A document with these facts, those left out that are None; `root` names the XML element around them."""
    present = {name: value for name, value in facts.items() if value is not None}
    if form == "json":
        return ENCODE(present)
    return f"<{root}>{''.join(_element(name, value) for name, value in present.items())}</{root}>"


def _element(name: str, value: Fact) -> str:
    from xml.sax.saxutils import escape, quoteattr

    if isinstance(value, Mapping):
        entries = "".join(f"<Entry name={quoteattr(each)}>{escape(text)}</Entry>" for each, text in value.items())
        return f"<{name}>{entries}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if NOT_XML.isdisjoint(text):
        return f"<{name}>{escape(text, {chr(13): '&#13;'})}</{name}>"
    return f"<{name} encoding={quoteattr('url')}>{quote(text, safe='/')}</{name}>"
