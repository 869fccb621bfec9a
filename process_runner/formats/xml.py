"""XML: elements become documents of their own, and documents become elements of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import Encoding
from process_runner.formats.parts import about_document
from process_runner.formats.xml_path import XmlName, XmlPath, XmlSteps
from process_runner.formats.xml_stream import events, root, tags, written

ENCODING = "How the document is written, where its XML declaration is wrong or missing. What comes out is UTF-8."
SHOWN = 20


class XmlSplit(Settings):
    """One document for each element that the path leads to, with its namespaces; one in another stays in it."""

    format: Literal["xml"] = setting("XML.")
    path: XmlPath = setting(
        "Which elements: names after `/` (child) or `//` (any depth), `*` for any name. A name fits in any namespace; "
        "`{urn:x}order` fits in that one, `{}order` in none."
    )
    encoding: Encoding | None = setting(ENCODING, None)

    def split(self, payload: Payload) -> Iterator[bytes]:
        """The parts as UTF-8; DocumentError for what is not well-formed, which may come after parts."""
        walk = _Walk(self.path)
        for event, element in events(payload, self.encoding):
            if event == "start":
                walk.enter(element)
            elif walk.leave():
                yield written(element)
            if event == "end" and not walk.inside:
                _forget(element)
        walk.finish()


class XmlCombine(Settings):
    """One document of all: their root elements within a new one. XML declarations and DOCTYPEs are dropped."""

    format: Literal["xml"] = setting("XML.")
    root: XmlName = setting("The name of the new root element.")
    encoding: Encoding | None = setting(ENCODING, None)

    def combine(self, payloads: Iterable[Payload]) -> Iterator[bytes]:
        """The combined document in pieces; one document at a time is in memory."""
        start, end = tags(self.root)
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + start + b"\n"
        for number, payload in enumerate(payloads, 1):
            with about_document(number):
                yield written(root(payload, self.encoding)) + b"\n"
        yield end + b"\n"


class _Walk:
    """Where a stream of elements is on the path."""

    def __init__(self, path: XmlSteps) -> None:
        self._path = path
        self._places = [frozenset({0})]
        self._matched_at = 0
        self._found = False
        self._may_be_empty = False
        self._seen: dict[str, None] = {}

    @property
    def inside(self) -> bool:
        """Whether the cursor is in an element that becomes a document."""
        return self._matched_at > 0

    def enter(self, element: Any) -> None:
        """An element begins."""
        if self.inside:
            self._places.append(frozenset())
            return
        places = self._path.places(self._places[-1], element.tag)
        self._places.append(places)
        if self._path.ends(places):
            self._matched_at = len(self._places)
            self._found = True
        self._may_be_empty |= self._path.may_be_empty(places)
        if len(self._seen) < SHOWN:
            self._seen[element.tag] = None

    def leave(self) -> bool:
        """The element that began last ends; whether it becomes a document."""
        matched = self._matched_at == len(self._places)
        if matched:
            self._matched_at = 0
        self._places.pop()
        return matched

    def finish(self) -> None:
        """The document ends; DocumentError if it has nothing of what the path names."""
        if not self._found and not self._may_be_empty:
            raise DocumentError(
                f"no element fits {self._path.text}; there are {', '.join(self._seen)}. "
                "Where there may be none, name the parent: /orders/order instead of //order",
                "PathNotFound",
            )


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
