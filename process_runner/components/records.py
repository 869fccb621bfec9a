"""What an operation's tracking, archiving and caching keep of the documents of one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_sdk import Document, DocumentError
from process_runner.components.archiving import Archive
from process_runner.components.caching import Cached
from process_runner.components.tracking import Tracker

if TYPE_CHECKING:
    from process_runner.engine.answers import Answered
    from process_runner.engine.flow import Flow
    from process_runner.language.project import Operated


class Records:
    """Told of every document by the call that serves it: `given` before, `answered` and `served` or `failed` after."""

    def __init__(self, component: Operated, flow: Flow) -> None:
        keys = component.keys
        execution, step = flow.execution.facts.execution_id, flow.step.label
        self._archive = Archive(keys.archiving, execution, step, flow.walker.check) if keys.archiving else None
        self._cached = Cached(keys.caching, flow) if keys.caching else None
        self._tracker = Tracker(keys.tracking, flow) if keys.tracking else None

    def given(self, document: Document) -> None:
        """Before the call; DocumentError where it must not be made."""
        if self._archive:
            self._archive.given(document)

    def answered(self, documents: Answered) -> None:
        """As soon as the operation has answered, in whatever thread; DocumentError fails the document."""
        if self._archive:
            self._archive.returned(documents)

    def served(self, document: Document, index: int, returned: Answered) -> None:
        """In the order of the documents; DocumentError fails the one in place `index`."""
        if self._cached:
            self._cached.add(returned)
        if self._tracker:
            self._tracker.served(document, index, returned)

    def failed(self, document: Document, index: int, error: DocumentError) -> None:
        """The document in place `index` failed, or was refused."""
        if self._tracker:
            self._tracker.failed(document, index, error)
