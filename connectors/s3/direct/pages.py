"""Pages of ListObjectsV2: their XML, read into what botocore would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from connectors.s3.direct import broken
from connectors.s3.direct.columns import all_decoded, decoded, divided
from connectors.s3.direct.moments import moment

ROOT = "ListBucketResult"
ENTRY = frozenset({"Key", "LastModified", "ETag", "Size", "StorageClass"})
READERS: dict[str, Callable[[str], Any]] = {
    "IsTruncated": lambda text: text == "true",
    "MaxKeys": int,
    "KeyCount": int,
    **dict.fromkeys(("Name", "ContinuationToken", "NextContinuationToken", "EncodingType"), str),
}
ENCODED = ("Prefix", "Delimiter", "StartAfter")


def page(content: bytes) -> dict[str, Any]:
    """The page; ResponseParserError where it is not what S3 says."""
    try:
        return _everyday(content) or exact(content)
    except (ExpatError, LookupError, ValueError) as error:
        raise broken.unparsed("the answer is not a listing") from error


def _everyday(content: bytes) -> dict[str, Any] | None:
    """The page where its objects have their usual shape: then only what is around them goes through the XML parser."""
    if not (parts := divided(content)):
        return None
    objects, around = parts
    found = exact(around.encode())
    if "Contents" in found:
        return None
    if found.get("EncodingType") == "url":
        objects = replace(objects, keys=all_decoded(objects.keys))
    return {**found, "Contents": objects}


def exact(content: bytes) -> dict[str, Any]:
    """The page, whatever its shape; ExpatError, LookupError or ValueError where it is none."""
    reading = _Page()
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text.append
    parser.EntityDeclHandler = _no_entities
    parser.Parse(content, True)
    return reading.page()


def _no_entities(*_: Any) -> None:
    raise ValueError("a listing declares no entities")


class _Page:
    """What the parser has met: texts of the page itself, and of its entries."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._names: list[str] = []
        self._found: dict[str, str] = {}
        self._entry: dict[str, str] = {}
        self._entries: list[dict[str, Any]] = []
        self._prefixes: list[str] = []

    def start(self, name: str, _: Any) -> None:
        name = name.rpartition(":")[2]  # some stores write every name with a prefix
        if not self._names and name != ROOT:
            raise ValueError(f"a listing is no {name}")
        self.text.clear()
        self._names.append(name)

    def end(self, _: str) -> None:
        name = self._names.pop()
        within = self._names[-1] if self._names else ""
        if within == "Contents":
            if name in ENTRY:
                self._entry[name] = "".join(self.text)
        elif name == "Contents":
            self._entries.append(self._entry)
            self._entry = {}
        elif within == "CommonPrefixes":
            self._prefixes.append("".join(self.text))
        elif within == ROOT:
            self._found[name] = "".join(self.text)
        self.text.clear()

    def page(self) -> dict[str, Any]:
        """The page in botocore's words."""
        decode = decoded if self._found.get("EncodingType") == "url" else str
        found: dict[str, Any] = {name: read(self._found[name]) for name, read in READERS.items() if name in self._found}
        found |= {name: decode(self._found[name]) for name in ENCODED if name in self._found}
        for entry in self._entries:
            entry["Key"] = decode(entry["Key"])
            entry["LastModified"] = moment(entry["LastModified"])
            if "Size" in entry:
                entry["Size"] = int(entry["Size"])
        if self._entries:
            found["Contents"] = self._entries
        if self._prefixes:
            found["CommonPrefixes"] = [{"Prefix": decode(prefix)} for prefix in self._prefixes]
        return found
