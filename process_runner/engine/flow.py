"""Flow: what a shape can ask of the engine while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from connector_sdk import Document, DocumentError
from process_runner.engine.group import DocumentGroup
from process_runner.engine.report import StepCount
from process_runner.engine.step import Step
from process_runner.expressions import Scope

if TYPE_CHECKING:
    from process_runner.engine.execution import Execution


class StopProcess(Exception):  # not an error: the process ends well, by `stop: process`
    """Ends the whole process, well."""


After = Callable[[DocumentGroup], None]
Work = Callable[[Scope], Document | Iterable[Document]]


class Catcher(Protocol):
    """Takes the documents that fail."""

    def __call__(self, document: Document, step: Step, error: DocumentError) -> None:
        """Take one."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What follows a step: the later steps of its path, then whatever follows the path."""

    steps: tuple[Step, ...]
    after: After
    catcher: Catcher


class Flow:
    """The engine as one step sees it."""

    def __init__(self, execution: Execution, step: Step, count: StepCount, rest: Rest) -> None:
        self.execution = execution
        self.step = step
        self.count = count
        self.rest = rest
        self.scope = Scope(execution.facts)
        self.seconds_inside = 0.0

    def group(self) -> DocumentGroup:
        """A new, empty group."""
        return DocumentGroup(self.execution.runtime)

    def each(self, documents: Iterable[Document], work: Work) -> DocumentGroup:
        """Do `work` for each document; one that raises DocumentError fails, and nothing it had given goes on."""
        result = self.group()
        for made in self._made(documents, work):
            self.pass_on(made, result)
        return result

    def transform(self, documents: Iterable[Document], work: Work) -> DocumentGroup:
        """The same, for a group that the step works on further: what leaves the step is counted later."""
        result = self.group()
        for made in self._made(documents, work):
            result.extend(made)
        return result

    def scopes(self, documents: Iterable[Document]) -> Iterator[Scope]:
        """The scope moved to each document in turn; stops with Cancelled when the execution was asked to end."""
        for index, document in enumerate(documents, 1):
            self.execution.runtime.check()
            yield self.scope.at(document, index)

    def gather(self, documents: Iterable[Document]) -> DocumentGroup:
        """All the documents, or the exception that kept one from being made."""
        group = self.group()
        for document in documents:
            self.execution.runtime.check()
            group.append(document)
        return group

    def pass_on(self, documents: Iterable[Document], result: DocumentGroup) -> None:
        """Put documents into the step's result, counted."""
        for document in documents:
            result.append(document)
            self.count.documents_out += 1
            self.count.bytes += document.payload.size

    def fail(self, document: Document, error: DocumentError) -> None:
        """Take a document out of the group, because of `error`."""
        self.count.failed += 1
        self.rest.catcher(document, self.step, error)

    def follow(self, steps: tuple[Step, ...], documents: DocumentGroup) -> None:
        """Run a path with these documents to completion, and with it what follows this step."""
        self._leave(documents)
        with self._inside():
            self.execution.walk(steps, documents, self.go_on_inside, self.rest.catcher)

    def go_on(self, documents: DocumentGroup) -> None:
        """Run what follows this step with these documents, to completion."""
        self._leave(documents)
        with self._inside():
            self.go_on_inside(documents)

    def go_on_inside(self, documents: DocumentGroup) -> None:
        """The same, for documents that were counted as they left for a path."""
        self.execution.walk(self.rest.steps, documents, self.rest.after, self.rest.catcher)

    def end(self, documents: DocumentGroup) -> None:
        """These documents end here, well."""
        self._leave(documents)
        self.execution.ended(documents)

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Hand documents to whoever called the process."""
        self._leave(documents)
        self.execution.returned(label, documents)

    def _leave(self, documents: DocumentGroup) -> None:
        self.count.documents_out += len(documents)

    def _made(self, documents: Iterable[Document], work: Work) -> Iterator[Iterable[Document]]:
        for scope in self.scopes(documents):
            try:
                made = work(scope)
                yield (made,) if isinstance(made, Document) else numbered(scope.document, self.gather(made))
            except DocumentError as error:
                self.fail(scope.document, error)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds_inside += time.perf_counter() - started


def numbered(source: Document, made: DocumentGroup) -> Iterator[Document]:
    """What was made from one document, with ids: its own for a single one, `ID.1`, `ID.2`... for several."""
    for number, document in enumerate(made, 1):
        yield document.replace(id=source.id if len(made) == 1 else f"{source.id}.{number}")
