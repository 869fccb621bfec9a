"""Legs: the parts of the way that documents go, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from connector_sdk import Document, DocumentError
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Step

if TYPE_CHECKING:
    from process_runner.engine.walker import Walker


class Enclosure(Protocol):
    """What stands around a path and takes the documents that leave it before its end."""

    def fail(self, document: Document, step: Step, error: DocumentError) -> None:
        """Take a document that failed."""

    def end(self, documents: DocumentGroup) -> None:
        """Take documents that ended well."""

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Take documents for the caller of the process."""


class Leg(NamedTuple):
    """Documents before the steps that they go through next, and what comes after these."""

    steps: tuple[Step, ...]
    documents: DocumentGroup
    after: After
    enclosure: Enclosure


After = Callable[["Walker", DocumentGroup], Leg | None]
"""Takes documents at the end of their path, and gives the leg with which they go on, if they do."""


class Rest(NamedTuple):
    """What follows a step: the later steps of its path, then whatever follows the path."""

    steps: tuple[Step, ...]
    after: After
    enclosure: Enclosure

    def go_on(self, _: Walker, documents: DocumentGroup) -> Leg:
        """The leg of documents that go on with it."""
        return Leg(self.steps, documents, self.after, self.enclosure)
