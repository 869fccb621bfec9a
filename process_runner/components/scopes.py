"""Scopes of what happens around a call, apart from the scope in which the step's own expressions are evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connector_sdk import Document, Payload
from process_runner.expressions import Scope

_NOBODY = Document(Payload(b""))


@contextmanager
def moved(scope: Scope, document: Document, index: int) -> Iterator[Scope]:
    """The scope moved to a document, which it forgets in the end: it may live longer than the document's file."""
    try:
        yield scope.at(document, index)
    finally:
        forget(scope)


def forget(scope: Scope) -> None:
    """Move it to no document."""
    scope.at(_NOBODY, 0)
