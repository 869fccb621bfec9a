"""What a document on a catch path says about its error, kept apart from what an outer catch path says."""

from __future__ import annotations

from collections.abc import Mapping

from connector_sdk import Document
from process_runner.engine.passage import Reason

ERROR = "error."
OUTER = "^"
"""Put before the name of a property that belongs to a catch path further out. No property's own name starts so."""


def caught(document: Document, reason: Reason) -> Document:
    """The document as it enters a catch path."""
    tracked = {_outwards(name): value for name, value in document.tracked.items()}
    error = {"error.message": reason.message, "error.step": reason.step, "error.code": reason.code}
    return document.replace(tracked={**tracked, **error})


def released(document: Document) -> Document:
    """The document as it leaves the catch path."""
    return document.replace(tracked=_inwards(document.tracked))


def _outwards(name: str) -> str:
    return OUTER + name if name.startswith((ERROR, OUTER)) else name


def _inwards(tracked: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(OUTER): value for name, value in tracked.items() if not name.startswith(ERROR)}
