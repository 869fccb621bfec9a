"""Columns: the objects of a page in the shape that Amazon and most stores write, read without an XML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from connectors.s3.direct.moments import moment

Row = tuple[str, str, str, str, str]
"""Key, `2026-04-01T12:00:00.000Z`, ETag with its quotes, size in bytes, storage class."""

PLAIN = r"[ -%'-;=-\\^-~]"
"""What stands for itself in XML: ASCII without `<`, `&` and the `]` of `]]>`."""
QUOTE = '(?:&quot;|&#34;|")'
SPACE = r"[ \t\r\n]*+"
"""Between elements; some stores indent them."""
ENTRY = (
    f"<Contents>{SPACE}(?:(?:"
    f"<Key>({PLAIN}++)</Key>"
    r"|<LastModified>([0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?+Z)</LastModified>"
    f"|<ETag>{QUOTE}([0-9A-Za-z-]++){QUOTE}</ETag>"
    "|<Size>(0|[1-9][0-9]{0,18}+)</Size>"
    "|<StorageClass>([0-9A-Z_]++)</StorageClass>"
    "|<Checksum(?:Algorithm>[0-9A-Z]++</ChecksumAlgorithm|Type>[A-Z_]++</ChecksumType)>"
    f"|<Owner>{SPACE}(?:<ID>{PLAIN}*+</ID>)?+{SPACE}(?:<DisplayName>{PLAIN}*+</DisplayName>)?+{SPACE}</Owner>"
    "|<Type>Normal</Type>"
    f"){SPACE})*+</Contents>{SPACE}"
)
"""Compiled when a page comes, as most processes list nothing; so is the other."""
BARE = ENTRY.replace(QUOTE, "")
"""The same where the first ETag has no quotes."""
MOMENT = len("2026-04-01T12:00:00.000Z")
"""Characters of a time with all its digits."""
STRIDE = 6
"""What a page split by it has for each object: five texts, and what stands before the next one."""
BEFORE = (
    r'(?:<\?xml version="1\.0" encoding="(?i:utf-8)"\?>)?+\s*+'
    r'<ListBucketResult(?: xmlns="[^"<&]*+")?+>\s*+(?:<(\w++)(?:/>|>[^<]*+</\1>)\s*+)*+'
)
"""A page up to its objects, for certain: they stand directly in it, and in no comment or other element."""
ESCAPE = "%(?:2[0-9A-F]|3[ABDEF]|40|5[BCDEF]|60|7[BCDE])"
"""Of a punctuation mark or a space, so that what comes of it is part of no other escape; `<` stands between keys."""
PERCENT = "\0"
"""Stands for a decoded percent sign as long as there are escapes; no text of a page has it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The objects of a page, ETags without the quotes around them; as an iterable, what botocore would give."""

    keys: list[str]
    moments: list[str]
    etags: list[str]
    sizes: list[str]
    classes: list[str]
    quote: str = '"'
    """What stands on either side of an ETag: nothing, where a store writes none."""

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for key, modified, etag, size, kind in self.rows():
            found = {"Key": key, "LastModified": moment(modified), "ETag": etag, "Size": int(size)}
            yield {**found, "StorageClass": kind}

    def rows(self) -> Iterator[Row]:
        """The same as texts."""
        etags = [f"{self.quote}{etag}{self.quote}" for etag in self.etags]
        return zip(self.keys, self.moments, etags, self.sizes, self.classes, strict=True)


def divided(content: bytes) -> tuple[Columns, str] | None:
    """The objects of a page, their keys as written, and what is around them; None where all of it wants an XML parser.

    Raises ValueError for a time that is none.
    """
    if not content.isascii():
        return None
    text = content.decode("ascii")
    is_quoted = text.startswith(('"', "&"), text.find("<ETag>") + len("<ETag>"))
    parts = re.split(ENTRY if is_quoted else BARE, text)
    before, after = parts[0], parts[-1]
    if len(parts) == 1 or any(parts[STRIDE:-1:STRIDE]) or None in parts or not re.fullmatch(BEFORE, before):
        return None
    keys, moments, etags, sizes, classes = (parts[number:-1:STRIDE] for number in range(1, STRIDE))
    for each in set(moments):
        moment(each)
    if {*map(len, moments)} != {MOMENT}:
        moments = list(map(_in_milliseconds, moments))
    return Columns(keys, moments, etags, sizes, classes, '"' if is_quoted else ""), before + after


def _in_milliseconds(moment: str) -> str:
    """A time with all its digits, of which some stores leave out zeros at the end."""
    seconds, _, fraction = moment.removesuffix("Z").partition(".")
    return f"{seconds}.{fraction:0<3}Z"


def decoded(text: str) -> str:
    """A text of a page whose EncodingType is `url`."""
    return unquote_plus(text) if "%" in text or "+" in text else text


def all_decoded(texts: list[str]) -> list[str]:
    """The same for many of them; each of the few escapes that a page has is replaced everywhere at once."""
    joined = "<".join(texts).replace("+", " ")
    place = joined.find("%")
    while place >= 0:
        escape = joined[place : place + 3]
        if not re.fullmatch(ESCAPE, escape):
            return [decoded(text) for text in texts]
        joined = joined.replace(escape, PERCENT if escape == "%25" else chr(int(escape[1:], 16)))
        place = joined.find("%", place)
    return joined.replace(PERCENT, "%").split("<")
