"""try_catch: retries documents that fail, and gives those that fail for good a path of their own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Annotated, Literal

from connector_sdk import Cancelled, ConnectorError, Document, DocumentError, setting
from process_runner.engine.caught import caught, follow
from process_runner.engine.clients import PluginDefect
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.origins import Numbers
from process_runner.engine.passage import PATH, Passage, Reason
from process_runner.engine.step import Fault, Shape, Steps
from process_runner.engine.walker import Halted, StopProcess
from process_runner.language.project import Project

log = logging.getLogger("process_runner")
reasons = logging.getLogger("process_runner.caught")

Seconds = Annotated[float, setting("Seconds.", ge=0)]


class TryCatch(Shape):
    """Runs the try path, again for documents that failed, and sends those that still fail down the catch path as they
    came in, with `error` set. Documents leave the block when the try, with its retries, is over.
    """

    try_: Steps = setting("The path on which errors are caught.", alias="try")
    catch: Steps = setting("The path of documents that failed, as they came in.", [])
    retry: int = setting("How often documents that failed are tried again.", 0, ge=0, le=5)
    trigger: Literal["document_errors", "all_errors"] = setting(
        "What is caught: errors of documents, or also what would stop the whole process.", "document_errors"
    )
    waits: tuple[Seconds, ...] = setting(
        "Seconds to wait before each retry; the last one counts for all that follow.",
        (0, 10, 30, 60, 120),
        min_length=1,
    )

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """The try path with its retries, what follows for its documents, then the catch path."""
        tries = _Tries(self, documents, flow)
        with flow.inside():
            tries.run()
        tries.give()
        yield flow.go_on(tries.done)
        yield follow(self.catch, tries.caught(), flow)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Nothing to try."""
        if not self.try_:
            yield Fault(("try",), "the try path has no steps")


def _told(document: Document, reason: Reason, flow: Flow) -> Document:
    """The caught document; its reason is counted and logged, as a catch path may forget it or fail of its own."""
    known = reason.step in flow.execution.steps
    flow.walker.counts.of(reason.step if known else flow.step.label).caught += 1
    reasons.info(
        "document %s is caught; it failed at '%s': %s: %s", document.id, reason.step, reason.code, reason.message
    )
    return caught(document, reason)


class _Tries:
    """The passages of one group through a try path."""

    def __init__(self, settings: TryCatch, documents: DocumentGroup, flow: Flow) -> None:
        self._settings = settings
        self._documents = documents
        self._flow = flow
        self._passages: list[Passage] = []
        self._again: Numbers | None = None
        self.done = flow.group()

    def run(self) -> None:
        """The first passage, and the retries of what failed."""
        self._pass()
        waits = self._settings.waits
        for number in range(self._settings.retry):
            if not (failed := len(self._passages[-1].failed)):
                return
            wait = waits[min(number, len(waits) - 1)]
            log.warning("retry %d of %d for %d documents in %g s", number + 1, self._settings.retry, failed, wait)
            try:
                self._flow.walker.wait(wait)
            except (Cancelled, StopProcess):
                self._abandon()
                raise
            self._again = self._passages[-1].failed
            self._pass()

    def failed(self) -> Iterator[tuple[Document, Reason]]:
        """The documents that failed for good, as they came in, each with its reason."""
        last = self._passages[-1]
        for index, document in enumerate(self._documents if last.failed else ()):
            if index in last.failed:
                yield document, last.reason(index)

    def caught(self) -> DocumentGroup:
        """The same, as they enter the catch path."""
        caught = self._flow.group()
        caught.extend(_told(document, reason, self._flow) for document, reason in self.failed())
        return caught

    def give(self) -> None:
        """Hand outwards what ended or was returned on the try path."""
        for passage in self._passages:
            passage.release(self._flow.rest.enclosure)

    def _pass(self) -> None:
        passage = Passage(self._flow.execution.runtime)
        entering = passage.enter(self._entering())
        self._passages.append(passage)
        try:
            self._flow.walker.walk(Leg(self._settings.try_, entering, passage.arrive, passage))
        except Halted as halted:
            if self._settings.trigger != "all_errors" or isinstance(halted.error, Cancelled):
                self._abandon()
                raise
            self._refuse_all(halted)
        except StopProcess:
            self._abandon()
            raise
        passage.settle()
        self.done.extend(passage.left(PATH))

    def _entering(self) -> Iterator[tuple[int, Document]]:
        return (pair for pair in enumerate(self._documents) if self._again is None or pair[0] in self._again)

    def _refuse_all(self, halted: Halted) -> None:
        is_defect = not isinstance(halted.error, ConnectorError) or isinstance(halted.error, PluginDefect)
        trace = halted.error if is_defect else None
        log.warning("caught at %s: %s", halted.step.label, str(halted.error), exc_info=trace)
        everybody = range(len(self._documents)) if self._again is None else self._again
        reason = Reason(str(halted.error), getattr(halted.error, "code", "Defect"), halted.step.label)
        self._passages[-1].refuse(everybody, reason)

    def _abandon(self) -> None:
        """The process stops in the middle: what was done is told, and what had failed has nobody to catch it."""
        self._passages[-1].settle()
        self.give()
        for document, reason in self.failed():
            error = DocumentError(reason.message, reason.code)
            self._flow.rest.enclosure.fail(document, self._flow.execution.steps[reason.step], error)
