"""What a document on a catch path says about its error, kept apart from what an outer catch path says."""

from __future__ import annotations

from collections.abc import Mapping

from connector_sdk import Document
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Enclosure, Leg
from process_runner.engine.passage import Reason
from process_runner.engine.step import Step
from process_runner.engine.walker import Walker

ERROR = "error."
OUTER = "^"
"""Put before the name of a property that belongs to a catch path further out. No property's own name starts so."""


def caught(document: Document, reason: Reason) -> Document:
    """The document as it enters a catch path."""
    tracked = {_outwards(name): value for name, value in document.tracked.items()}
    error = {"error.message": reason.message, "error.step": reason.step, "error.code": reason.code}
    return document.replace(tracked={**tracked, **error})


def follow(steps: tuple[Step, ...], failed: DocumentGroup, flow: Flow) -> Leg:
    """The leg of documents that were caught along a path; what it says about their errors ends with it."""
    flow.leave(failed)

    def leave(walker: Walker, documents: DocumentGroup) -> Leg:
        left = DocumentGroup(walker.execution.runtime)
        left.extend(map(released, documents))
        return flow.rest.go_on(walker, left)

    return Leg(steps, failed, leave, _CatchPath(flow.rest.enclosure))


class _CatchPath:
    """What stands around a catch path: documents returned from it are released too."""

    def __init__(self, outer: Enclosure) -> None:
        self.fail = outer.fail
        self.end = outer.end
        self._outer = outer

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Hand released documents to the caller."""
        left = documents.part(0, 0)
        left.extend(map(released, documents))
        self._outer.give_back(label, left)


def released(document: Document) -> Document:
    """The document as it leaves the catch path."""
    return document.replace(tracked=_inwards(document.tracked))


def _outwards(name: str) -> str:
    return OUTER + name if name.startswith((ERROR, OUTER)) else name


def _inwards(tracked: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(OUTER): value for name, value in tracked.items() if not name.startswith(ERROR)}
