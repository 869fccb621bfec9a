"""Ways: what leaves a batch in a worker process, until it goes home."""

from __future__ import annotations

import threading

from connector_sdk import Document, DocumentError, Payload
from process_runner.engine.execution import Execution
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Step
from process_runner.engine.walker import Walker

MESSAGE, CODE, STEP = "^failed.message", "^failed.code", "^failed.step"
"""Properties that bring a failed document's reason home."""

_NOTHING = Payload(b"")


class Ways:
    """The enclosure of a batch. Documents that failed or ended leave their content behind."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._lock = threading.Lock()
        self.arrived, self.ended, self.failed = (DocumentGroup(execution.runtime) for _ in range(3))
        self.returned: dict[str, DocumentGroup] = {}

    def arrive(self, _: Walker, documents: DocumentGroup) -> None:
        """Take documents at the end of the path."""
        with self._lock:
            self.arrived.extend(documents)

    def fail(self, document: Document, step: Step, error: DocumentError) -> None:
        """Take a document that failed."""
        reason = {MESSAGE: self._execution.redaction(str(error)), CODE: error.code, STEP: step.label}
        with self._lock:
            self.failed.append(document.replace(payload=_NOTHING, tracked={**document.tracked, **reason}))

    def end(self, documents: DocumentGroup) -> None:
        """Take documents that ended."""
        with self._lock:
            self.ended.extend(document.replace(payload=_NOTHING) for document in documents)

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Take documents for the caller."""
        with self._lock:
            self.returned.setdefault(label, DocumentGroup(self._execution.runtime)).extend(documents)


def reason(document: Document) -> tuple[str, DocumentError]:
    """The step at which a document failed, and why."""
    return document.tracked[STEP], DocumentError(document.tracked[MESSAGE], document.tracked[CODE])


def plain(document: Document) -> Document:
    """A document that failed, without the properties that brought its reason."""
    kept = {name: text for name, text in document.tracked.items() if name not in (MESSAGE, CODE, STEP)}
    return document.replace(tracked=kept)
