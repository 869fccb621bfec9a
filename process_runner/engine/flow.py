"""Flow: what a shape can ask of the engine while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from connector_sdk import Document, DocumentError, Payload
from process_runner.engine.counts import StepCount
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg, Rest
from process_runner.engine.parts import split
from process_runner.engine.step import Step
from process_runner.expressions import Scope

if TYPE_CHECKING:
    from process_runner.engine.walker import Walker

Work = Callable[[Scope], Document | Iterable[Document]]
Parts = Callable[[Payload], Iterator[bytes]]


NOBODY = Document(Payload(b""))
"""Whom a scope looks at when its step is over: it lives longer, and the last document's file must not."""


class Flow:
    """The engine as one step sees it."""

    def __init__(self, walker: Walker, step: Step, count: StepCount, rest: Rest) -> None:
        self.walker = walker
        self.execution = walker.execution
        self.step = step
        self.count = count
        self.rest = rest
        self.index = 0
        self.seconds_inside = 0.0

    @cached_property
    def scope(self) -> Scope:
        """What this step's expressions see."""
        return Scope(self.execution.facts)

    def group(self) -> DocumentGroup:
        """A new, empty group."""
        return DocumentGroup(self.execution.runtime)

    def each(self, documents: Iterable[Document], work: Work) -> DocumentGroup:
        """Do `work` for each document; one that raises DocumentError fails, and nothing it had given goes on."""
        return self._each(documents, work, self.count)

    def transform(self, documents: Iterable[Document], work: Work) -> DocumentGroup:
        """The same, for a group that the step works on further: what leaves the step is counted later."""
        return self._each(documents, work, StepCount("", ""))

    def split(self, documents: Iterable[Document], parts: Parts, *, counted: bool) -> DocumentGroup:
        """A document for each part of each one; one whose parts raise DocumentError fails, and none of them goes on.

        Where it is not `counted`, the step works on them further.
        """
        count, result = self.count if counted else StepCount("", ""), self.group()
        for scope in self.scopes(documents):
            before, size = len(result), 0
            try:
                for block in split(scope.document, parts(scope.document.payload), self.execution.runtime):
                    self.walker.check()
                    result.add(block, block.weight())
                    size += sum(block.sizes())
            except DocumentError as error:
                result.cut(before)
                self.fail(scope.document, error)
            else:
                count.documents_out += len(result) - before
                count.bytes += size
        return result

    def scopes(self, documents: Iterable[Document]) -> Iterator[Scope]:
        """The scope moved to each document in turn; stops with Cancelled when the execution was asked to end."""
        check, at = self.walker.check, self.scope.at
        try:
            for index, document in enumerate(documents, 1):
                check()
                yield at(document, index)
        finally:
            at(NOBODY, 0)

    def pass_on(self, documents: Iterable[Document], result: DocumentGroup) -> None:
        """Put documents into the step's result, counted."""
        count = self.count
        for document in documents:
            result.append(document)
            count.documents_out += 1
            count.bytes += document.payload.size

    def take(self, documents: DocumentGroup, size: int, result: DocumentGroup) -> None:
        """The same for a whole group that nobody uses any more, with so many bytes of content."""
        self.count.documents_out += len(documents)
        self.count.bytes += size
        result.take(documents)

    def fail(self, document: Document, error: DocumentError) -> None:
        """Take a document out of the group, because of `error`."""
        self.count.failed += 1
        self.rest.enclosure.fail(document, self.step, error)

    def follow(self, steps: tuple[Step, ...], documents: DocumentGroup) -> Leg:
        """The leg of these documents along a path, which ends where this step does; a shape yields it."""
        self.leave(documents)
        return Leg(steps, documents, self.rest.go_on, self.rest.enclosure)

    def go_on(self, documents: DocumentGroup) -> Leg:
        """The leg of these documents along what follows this step; a shape yields it."""
        self.leave(documents)
        return self.rest.go_on(self.walker, documents)

    def end(self, documents: DocumentGroup) -> None:
        """These documents end here, well."""
        self.leave(documents)
        self.rest.enclosure.end(documents)

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Hand documents to whoever called the process."""
        self.leave(documents)
        self.rest.enclosure.give_back(label, documents)

    def leave(self, documents: DocumentGroup) -> None:
        """Count documents that leave the step for a path."""
        self.count.documents_out += len(documents)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Time spent inside belongs to other steps."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds_inside += time.perf_counter() - started

    def _each(self, documents: Iterable[Document], work: Work, count: StepCount) -> DocumentGroup:
        result = self.group()
        for scope in self.scopes(documents):
            try:
                made = work(scope)
                if type(made) is Document:  # by far the commonest case, so it takes no detour
                    result.append(made)
                    count.documents_out += 1
                    count.bytes += made.payload.size
                else:
                    self._add_all(scope.document, made, result, count)
            except DocumentError as error:
                self.fail(scope.document, error)
        return result

    def _add_all(
        self, source: Document, made: Document | Iterable[Document], result: DocumentGroup, count: StepCount
    ) -> None:
        """Put all that was made into the result, or nothing where an exception keeps a part from being made."""
        before, size = len(result), 0
        try:
            for number, document in enumerate(numbered(source, (made,) if isinstance(made, Document) else made)):
                if number:  # a single answer is never thrown away
                    self.walker.check()
                result.append(document)
                size += document.payload.size
        except DocumentError:
            result.cut(before)
            raise
        count.documents_out += len(result) - before
        count.bytes += size


def numbered(source: Document, made: Iterable[Document]) -> Iterator[Document]:
    """What was made from one document, with ids: its own for a single one, `ID.1`, `ID.2`... for several."""
    ways = iter(made)
    first = list(islice(ways, 2))
    if len(first) == 1:
        yield first[0] if first[0].id == source.id else first[0].replace(id=source.id)
        return
    name = source.id
    for number, each in enumerate(chain(first, ways), 1):
        yield Document(each.payload, each.properties, each.tracked, f"{name}.{number}", each.origins)
