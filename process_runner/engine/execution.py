"""Execution: one run of one process."""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connector_sdk import Cancelled, ConnectorError, Document, DocumentError, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.clients import Clients, PluginDefect
from process_runner.engine.flow import After, Catcher, Flow, Rest, StopProcess
from process_runner.engine.group import DocumentGroup
from process_runner.engine.history import History
from process_runner.engine.report import Failure, Report, StepCount
from process_runner.engine.step import Step, walk
from process_runner.engine.value_call import ValueCall
from process_runner.expressions import Facts
from process_runner.language.project import Process, Project
from process_runner.log import execution_context, step_context
from process_runner.store import State

log = logging.getLogger("process_runner")

Returned = Callable[[str, Document], None]


@dataclass(frozen=True)
class Options:
    """What the caller of an execution chooses. `documents` feed a passthrough start."""

    documents: Iterable[Document] = ()
    process_properties: Mapping[str, str] = field(default_factory=dict)
    returned: Returned = lambda label, document: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    state: State | None = None


class Execution:
    """Runs a process once; `report` can be read while it runs."""

    def __init__(self, project: Project, process: Process, runtime: LocalRuntime, options: Options) -> None:
        self.project = project
        self.process = process
        self.runtime = runtime
        self.options = options
        self.clients = Clients(project, runtime)
        self.facts = Facts(
            execution_id=uuid.uuid4().hex[:12],
            process=process.name,
            started=options.clock(),
            connectors=frozenset(project.registry.connectors),
            clock=options.clock,
            process_properties={**project.process_properties, **options.process_properties},
            state=options.state,
            call=ValueCall(project, self.clients, runtime),
        )
        self._history = History(process, self.facts, options.process_properties)
        self._counts = {step.label: StepCount(step.label, step.kind) for step in walk(process.steps)}
        counts = list(self._counts.values())
        self.report = Report(self.facts.execution_id, process.name, self.facts.started, counts)
        connectors = project.registry.connectors.values()
        self._identifying = [
            f"{each.id}.{name.name}" for each in connectors for name in each.tracked if name.identifies
        ]
        self._current: Step | None = None

    def run(self) -> Report:
        """Run to the end, whatever happens; the report says how it went."""
        started = time.perf_counter()
        with execution_context(self.facts.execution_id, self.process.name):
            try:
                self._run_process()
            finally:
                self.report.duration = time.perf_counter() - started
                self.clients.close()
        return self.report

    def walk(self, steps: tuple[Step, ...], documents: DocumentGroup, after: After, catcher: Catcher) -> None:
        """Take documents through `steps`, then hand them to `after`. A path without documents is not run."""
        for index, step in enumerate(steps):
            if not documents:
                return
            rest = Rest(steps[index + 1 :], after, catcher)
            result = self._step(step, documents, rest)
            if result is None:
                return
            documents = result
        after(documents)

    def ended(self, documents: DocumentGroup) -> None:
        """Count documents that reached their end."""
        self.report.documents_out += len(documents)

    def returned(self, label: str, documents: DocumentGroup) -> None:
        """Hand documents to the caller."""
        for document in documents:
            self.options.returned(label, document)
        self.report.returned[label] = self.report.returned.get(label, 0) + len(documents)
        self.ended(documents)

    def started_with(self, documents: DocumentGroup) -> None:
        """Count the documents that the start step gave."""
        self.facts.document_count = len(documents)
        self.report.documents_in = len(documents)

    def _step(self, step: Step, documents: DocumentGroup, rest: Rest) -> DocumentGroup | None:
        count = self._counts[step.label]
        count.documents_in += len(documents)
        flow = Flow(self, step, count, rest)
        outer, self._current = self._current, step
        started = time.perf_counter()
        try:
            with step_context(step.label):
                result = step.shape.run(documents, flow)
        finally:
            count.duration += time.perf_counter() - started - flow.seconds_inside
        self._current = outer
        return result

    def _run_process(self) -> None:
        log.debug("execution %s of %s started", self.facts.execution_id, self.process.name)
        first = DocumentGroup(self.runtime)
        first.append(Document(Payload(b""), id="1"))
        try:
            self._history.begin()
            with suppress(StopProcess):
                self.walk(self.process.steps, first, self.ended, self._uncaught)
            self.report.status = self._status()
            self._history.end(well=self.report.status != "error")
        except Cancelled as error:
            self.report.status = "aborted"
            self._halt(error.code, str(error))
        except PluginDefect as error:
            self.report.status = "error"
            self.report.defect = "".join(traceback.format_exception(error))
            self._halt("Defect", str(error))
        except ConnectorError as error:
            self.report.status = "error"
            self._halt(getattr(error, "code", type(error).__name__), str(error))
        except Exception as error:  # noqa: BLE001  # a defect ends as a report that names the step
            self.report.status = "error"
            self.report.defect = traceback.format_exc()
            self._halt("Defect", f"{self._suspect()} raised {type(error).__name__}: {error}")

    def _suspect(self) -> str:
        return f"shape '{self._current.kind}'" if self._current else "the engine"

    def _status(self) -> str:
        if self.report.documents_failed:
            return "error"
        return "complete_with_warnings" if self.report.warned else "complete"

    def _uncaught(self, document: Document, step: Step, error: DocumentError) -> None:
        failure = Failure(step.label, document.id, error.code, str(error), str(step.place), self._about(document))
        self.report.fail(failure)
        log.error("%s failed: %s: %s", failure.subject, error.code, error)

    def _about(self, document: Document) -> dict[str, str]:
        names = [name for name in self._identifying if name in document.tracked]
        about = {name: document.tracked[name] for name in names}
        return about or {name: document.properties[name] for name in ("file_name",) if name in document.properties}

    def _halt(self, code: str, message: str) -> None:
        step = self._current
        self.report.fail(Failure(step.label if step else "", None, code, message, str(step.place) if step else ""))
        log.error("the process stopped: %s: %s", code, message)
