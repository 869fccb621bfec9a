"""tracking: fields of an author's choice, computed for each document of an operation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from connector_sdk import ApplicationError, Document, DocumentError, Settings, setting
from process_runner.components.scopes import forget
from process_runner.expressions import Expression, Scope, Template
from process_runner.log import Told

if TYPE_CHECKING:
    from process_runner.engine.flow import Flow

log = logging.getLogger("process_runner")

MOST_FIELDS = 20
LONGEST = 1_000
"""Characters of a tracked value; what goes beyond is cut off."""

Status = Literal["success", "application_error", "error"]


class TrackedField(Settings):
    """A field with options."""

    value: Expression = setting("The value, as text.")
    documents: Literal["input", "output"] = setting(
        "Compute it from the document that the operation returned, or from the one that it was given.", "output"
    )


Fields = Mapping[str, Template | TrackedField]


class TrackedDocument(NamedTuple):
    """The fields of one document at one step; `status` says what the operation made of it."""

    process: str
    step: str
    document: str
    status: Status
    fields: Mapping[str, str]

    def summary(self) -> dict[str, Any]:
        """The same as a JSON value."""
        return {
            "process": self.process,
            "step": self.step,
            "document": self.document,
            "status": self.status,
            "fields": dict(self.fields),
        }


class Tracking:
    """Takes what all the steps of a run track, those of processes that it calls too. Safe for threads."""

    def __init__(self, keep: Callable[[Iterable[TrackedDocument], int], None]) -> None:
        self._keep = keep
        self._missed: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def add(self, tracked: Sequence[TrackedDocument], count: int) -> None:
        """Take `count` documents, of which the first are given."""
        with self._lock:
            self._keep(tracked, count)

    def is_missed_first(self, process: str, step: str, field: str) -> bool:
        """Whether a field of a step cannot be computed for the first time."""
        with self._lock:
            is_first = (process, step, field) not in self._missed
            self._missed.add((process, step, field))
        return is_first


class Tracker:
    """Tracks what one step's calls return, in the order in which documents leave them."""

    def __init__(self, fields: Fields, flow: Flow) -> None:
        self._step = flow.step.label
        self._process = flow.execution.process.name
        self._tracking = flow.execution.tracking
        self._redact = flow.execution.redaction
        self._names = tuple(fields)
        self._of_input = {name: _template(each) for name, each in fields.items() if _is_of_input(each)}
        self._of_output = {name: _template(each) for name, each in fields.items() if not _is_of_input(each)}
        self._scope = Scope(flow.execution.facts)
        self._returned = 0

    def served(self, given: Document, index: int, returned: Iterable[Document]) -> None:
        """Track the documents that came of the one in place `index`, or that one itself where none did."""
        shared = self._computed(self._of_input, given, index) if self._of_input else {}
        is_empty = True
        for document in returned:
            is_empty = False
            self._returned += 1
            found = self._computed(self._of_output, document, self._returned)
            self._keep(document, "success", {**shared, **found} if shared else found)
        if is_empty:
            self._keep(given, "success", {**shared, **self._computed(self._of_output, given, index)})

    def failed(self, given: Document, index: int, error: DocumentError) -> None:
        """Track a document that failed, or that the other system refused; what it lacks by that is no news."""
        status: Status = "application_error" if isinstance(error, ApplicationError) else "error"
        fields = self._computed(self._of_input, given, index)
        self._keep(given, status, {**fields, **self._computed(self._of_output, given, index, warns=False)})

    def _computed(
        self, fields: Mapping[str, Template], document: Document, index: int, *, warns: bool = True
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        scope = self._scope.at(document, index)
        try:
            for name, field in fields.items():
                try:
                    found[name] = self._redact(field.text(scope))[:LONGEST]
                except DocumentError as error:
                    if warns and self._tracking.is_missed_first(self._process, self._step, name):
                        text = "the tracked field '%s' of document %s cannot be computed (told once for this step): %s"
                        log.warning(text, name, document.id, error)
        finally:
            forget(scope)
        return found

    def _keep(self, document: Document, status: Status, found: Mapping[str, str]) -> None:
        fields = {name: found[name] for name in self._names if name in found} if self._of_input else found
        self._tracking.add((TrackedDocument(self._process, self._step, document.id, status, fields),), 1)
        if log.isEnabledFor(logging.INFO):
            shown = ", ".join(map(" ".join, fields.items())) or "no field"
            text = f"tracked document {document.id} ({status.replace('_', ' ')}): {shown}"
            log.handle(Told(log.name, text, document=document.id, status=status, tracked=fields))


def _template(field: Template | TrackedField) -> Template:
    return field.value if isinstance(field, TrackedField) else field


def _is_of_input(field: Template | TrackedField) -> bool:
    return isinstance(field, TrackedField) and field.documents == "input"
