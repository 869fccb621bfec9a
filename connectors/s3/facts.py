"""Facts about objects as S3 tells them, as tracked properties and as documents."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring as quoted
from typing import Any
from urllib.parse import quote

from connectors.s3.direct.columns import Columns
from connectors.s3.options import Format

ALGORITHMS = ("CRC64NVME", "CRC32C", "CRC32", "SHA256", "SHA1")
SUMS = {f"Checksum{name}": name for name in ALGORITHMS}
NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
MARKUP = "[&<>\r]"
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
ENCODE = json.JSONEncoder(ensure_ascii=False).encode
LISTED = '{"Key": %s, "LastModified": "%s", "ETag": "\\"%s\\"", "Size": %s, "StorageClass": "%s"}'
"""An object of a listing, of which only the key may need quoting."""
Fact = str | int | bool | Mapping[str, str] | None
Entry = tuple[str, str, str | None, str | None, str | None]
"""An object of a listing as texts: key, time as `timestamp` writes it, ETag with its quotes, size, storage class."""


def etag(answer: Mapping[str, Any]) -> str | None:
    """The ETag without its quotes, as conditions take it."""
    value = answer.get("ETag")
    return str(value).strip('"') if value else None


def checksum(answer: Mapping[str, Any]) -> str | None:
    """The checksum S3 keeps, as `CRC32:value`."""
    if SUMS.keys().isdisjoint(answer):
        return None
    for member, name in SUMS.items():
        if value := answer.get(member):
            return f"{name}:{value}"
    return None


def version_id(answer: Mapping[str, Any]) -> str | None:
    """The id of the object's version; None for `null`, which stands for the one version of a plain bucket."""
    value = answer.get("VersionId")
    return str(value) if value and value != "null" else None


def moment(value: datetime | None) -> str | None:
    """The time as S3 writes it, where there is one."""
    return timestamp(value) if value else None


@functools.lru_cache(maxsize=256)  # objects that were made together have the same
def timestamp(value: datetime) -> str:
    """A time as S3 writes it: `2026-04-01T12:00:00.000Z`."""
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
        return _object(present)
    return f"<{root}>{''.join(_element(name, value) for name, value in present.items())}</{root}>"


def listed(form: Format, entry: Entry) -> str:
    """The same of an object of a listing; of these there are very many, so the usual ones take no detour."""
    key, modified, etag, size, kind = entry
    if form == "json" and etag is not None and size is not None and kind is not None:
        return (
            f'{{"Key": {quoted(key)}, "LastModified": "{modified}", "ETag": {quoted(etag)}, '
            f'"Size": {size}, "StorageClass": {quoted(kind)}}}'
        )
    number = None if size is None else int(size)
    facts = {"Key": key, "LastModified": modified, "ETag": etag, "Size": number, "StorageClass": kind}
    return written(form, "Contents", facts)


def all_listed(found: Columns) -> list[bytes]:
    """The same of all the objects of a page, as JSON."""
    rows = zip(map(quoted, found.keys), found.moments, found.etags, found.sizes, found.classes, strict=True)
    written = LISTED if found.quote else LISTED.replace('\\"', "")
    return [(written % row).encode() for row in rows]


def _object(facts: Mapping[str, Fact]) -> str:
    """What ENCODE gives, several times faster where all are texts."""
    if {*map(type, facts.values())} != {str}:
        return ENCODE(facts)
    return "{" + ", ".join([f'"{name}": {quoted(str(value))}' for name, value in facts.items()]) + "}"


def _element(name: str, value: Fact) -> str:
    if isinstance(value, Mapping):
        from xml.sax.saxutils import quoteattr

        entries = "".join(f"<Entry name={quoteattr(each)}>{_escaped(text)}</Entry>" for each, text in value.items())
        return f"<{name}>{entries}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _is_plain(text):
        return f"<{name}>{text}</{name}>"
    if re.search(NOT_XML, text):
        return f'<{name} encoding="url">{quote(text, safe="/")}</{name}>'
    return f"<{name}>{_escaped(text)}</{name}>"


def _is_plain(text: str) -> bool:
    """Whether XML says it as it is, as it does nearly all texts."""
    return text.isascii() and text.isprintable() and not ("&" in text or "<" in text or ">" in text)


def _escaped(text: str) -> str:
    return re.sub(MARKUP, lambda found: ESCAPES[found[0]], text)
