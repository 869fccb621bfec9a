"""A passage: documents that go through steps together and leave only when all that came of them is known to be well."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Enclosure
from process_runner.engine.origins import Numbers, inside, numbers, outside
from process_runner.engine.shelf import Shelf
from process_runner.engine.step import Step
from process_runner.engine.walker import Walker

Exit = tuple[str, str]
"""Where a document left: at the end of its path, well before it, or to the caller under a label."""

PATH: Exit = ("path", "")
END: Exit = ("end", "")

_NOTHING = Payload(b"")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document failed."""

    message: str
    code: str
    step: str


class Passage:
    """One passage of numbered documents; the enclosure of the steps that they go through.

    Every document inside carries the numbers of those it came from as its origins. When one fails, those it came from
    have failed, and nothing else that came from them leaves.
    """

    def __init__(self, runtime: LocalRuntime) -> None:
        self._runtime = runtime
        self._left: dict[Exit, DocumentGroup] = {}
        self._reasons: Shelf | None = None
        self._mixed = False
        self._lock = threading.Lock()
        self._leaving = threading.Lock()
        """Of its own: documents that leave may have to be read from another system, and failures are told meanwhile."""
        self.failed = Numbers()

    def enter(self, numbered: Iterable[tuple[int, Document]]) -> DocumentGroup:
        """The documents as they go through the passage."""
        entered = DocumentGroup(self._runtime)
        for number, document in numbered:
            entered.append(self.marked(number, document))
        return entered

    def marked(self, number: int, document: Document) -> Document:
        """One document as it goes through."""
        return document.replace(origins=inside(number, document.origins))

    def fail(self, document: Document, step: Step, error: DocumentError) -> None:
        """Note why the documents fail that this one came from."""
        self.refuse(numbers(document.origins), Reason(str(error), error.code, step.label))

    def refuse(self, refused: Iterable[int], reason: Reason) -> None:
        """Fail documents by their numbers; the first reason of each stays."""
        with self._lock:
            self._refuse(refused, reason)

    def end(self, documents: DocumentGroup) -> None:
        """Take documents that ended; of these only their names matter any more."""
        self.leave(END, (document.replace(payload=_NOTHING) for document in documents))

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Take documents that were returned."""
        self.leave(("return", label), documents)

    def arrive(self, _: Walker, documents: DocumentGroup) -> None:
        """Take documents at the end of their path."""
        self.leave(PATH, documents)

    def leave(self, way: Exit, documents: Iterable[Document]) -> None:
        """Keep documents until the passage is settled."""
        with self._leaving:
            group = self._left.setdefault(way, DocumentGroup(self._runtime))
            for document in documents:
                group.append(document)
                self._mixed = self._mixed or (len(document.origins) > 1 and len(numbers(document.origins)) > 1)

    def settle(self) -> None:
        """See who else failed: whoever was combined with a document that did."""
        while self._mixed and self._draw_in():
            pass

    def left(self, way: Exit) -> Iterator[Document]:
        """The documents that left this way and are well, with the origins that they had outside; given once."""
        for document in self._left.pop(way, ()):
            if not self._failed_of(document):
                yield document.replace(origins=outside(document.origins))

    def reason(self, number: int) -> Reason:
        """Why a document failed."""
        found = self._reasons.first(str(number)) if self._reasons else None
        return Reason(*json.loads(found)) if found else Reason("the document failed", "DocumentError", "")

    def release(self, enclosure: Enclosure) -> None:
        """Hand on what ended or was returned in the passage."""
        for way, label in list(self._left):
            documents = DocumentGroup(self._runtime)
            if (way, label) == PATH:
                continue
            documents.extend(self.left((way, label)))
            enclosure.end(documents) if (way, label) == END else enclosure.give_back(label, documents)

    def _refuse(self, refused: Iterable[int], reason: Reason) -> None:
        told = json.dumps([reason.message, reason.code, reason.step]).encode()
        for number in refused:
            if number not in self.failed:
                self._reasons = self._reasons or Shelf()
                self._reasons.put(str(number), told)
                self.failed.add(number)

    def _draw_in(self) -> bool:
        """Fail whoever shares a document with one that failed; whether there was anybody."""
        before = len(self.failed)
        for document in chain.from_iterable(self._left.values()):
            if failed := self._failed_of(document):
                self.refuse(numbers(document.origins), self.reason(min(failed)))
        return len(self.failed) > before

    def _failed_of(self, document: Document) -> list[int]:
        failed = self.failed
        return [number for number in numbers(document.origins) if number in failed] if failed else []
