"""Execution: one run of one process."""

from __future__ import annotations

import logging
import threading
import time
import traceback
import uuid
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from connector_sdk import Cancelled, ConnectorError, Document, DocumentError, ProcessError
from connector_sdk.errors import forget_frames
from connector_sdk.runtime import LocalRuntime
from process_runner.components.tracking import Tracking
from process_runner.engine.background import Background
from process_runner.engine.caches import Caches
from process_runner.engine.clients import Clients, PluginDefect
from process_runner.engine.counts import Counts
from process_runner.engine.group import DocumentGroup
from process_runner.engine.history import History
from process_runner.engine.leg import Leg, Rest
from process_runner.engine.once import Once
from process_runner.engine.options import Options
from process_runner.engine.report import Failure, Report
from process_runner.engine.step import Step, walk
from process_runner.engine.value_call import ValueCall
from process_runner.engine.walker import FiberEnded, Halted, StopProcess, Walker
from process_runner.expressions import Facts
from process_runner.language.project import Process, Project
from process_runner.log import current_step, execution_context
from process_runner.redaction import Redaction

if TYPE_CHECKING:
    from process_runner.engine.workers import Workers

__all__ = ["Execution", "Options"]

log = logging.getLogger("process_runner")


class Execution:
    """Runs a process once; `report` can be read while it runs. It encloses the outermost path of the process."""

    def __init__(
        self,
        project: Project,
        process: Process,
        runtime: LocalRuntime,
        options: Options,
        caller: Walker | None = None,
    ) -> None:
        self.caller = caller.execution if caller else None
        self.check = caller.check if caller else runtime.check
        self.in_fiber: bool = caller.in_fiber if caller else False
        self.depth: int = self.caller.depth + 1 if self.caller else 1
        self.background: Background = self.caller.background if self.caller else Background()
        self.project = project
        self.process = process
        self.runtime = runtime
        self.options = options
        self.caches: Caches = self.caller.caches if self.caller else Caches(runtime)
        self.clients: Clients = self.caller.clients if self.caller else Clients(project, runtime)
        self.redaction: Redaction = (
            self.caller.redaction if self.caller else options.redaction or Redaction(project.secrets)
        )
        self.once = Once(runtime)
        self.facts = self._facts()
        self._history = History(project, process, self.facts, options.process_properties)
        self.steps = {step.label: step for step in walk(process.steps)}
        counts = Counts({label: step.kind for label, step in self.steps.items()})
        self.report = Report(self.facts.execution_id, process.name, self.facts.started, counts)
        self.tracking: Tracking = self.caller.tracking if self.caller else Tracking(self.report.track)
        self.halted: Exception | None = None
        self._workers: Workers | None = None
        self._lock = threading.Lock()

    @property
    def workers(self) -> Workers:
        """Its worker processes; their machinery is loaded when a step first asks for it."""
        from process_runner.engine.workers import Workers

        with self._lock:
            self._workers = self._workers or Workers(self)
        return self._workers

    @cached_property
    def straight(self) -> dict[str, bool]:
        """By the label of a step, whether a document goes from it to one reader; filled by `one_reader`."""
        return {}

    @property
    def outermost(self) -> Execution:
        """The execution that was not called by another one."""
        return self.caller.outermost if self.caller else self

    def run(self) -> Report:
        """Run to the end, whatever happens; the report says how it went."""
        started = time.perf_counter()
        with execution_context(self.facts.execution_id, self.process.name):
            try:
                self._run_process()
            finally:
                self.close()
                self.report.duration = time.perf_counter() - started
        return self.report

    def fail(self, document: Document, step: Step, error: DocumentError) -> None:
        """Record a document that failed and was caught nowhere."""
        failure = Failure(step.label, document.id, error.code, str(error), str(step.place), self._about(document))
        log.error("%s failed: %s: %s", failure.subject, error.code, failure.message)
        with self._lock:
            self.report.fail(failure)
            self.options.failed(document, step, error)

    def end(self, documents: DocumentGroup) -> None:
        """Count documents that reached their end."""
        with self._lock:
            self.report.documents_out += len(documents)

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Hand documents to the caller, one at a time."""
        returned, lock, given = self.options.returned, self._lock, 0
        try:
            if returned is None:
                given = len(documents)
                return
            for document in documents:
                try:
                    with lock:
                        returned(label, document)
                except DocumentError as error:  # its content is in another system, and could not be had
                    self.fail(document, self.steps[current_step()], error)
                else:
                    given += 1
        except OSError as error:
            raise ProcessError(f"cannot hand over a document as '{label}': {error}", "OutputFailed") from error
        finally:
            with lock:
                self.report.returned[label] = self.report.returned.get(label, 0) + given
                self.report.documents_out += given

    def ends_with(self, rest: Rest) -> bool:
        """Whether these are the last steps of all: no caller, no later step and no catch sees what comes of them."""
        return rest.enclosure is self and rest.after == self._arrive and self.caller is None

    def started_with(self, documents: DocumentGroup, failed: int = 0) -> None:
        """Count the documents that the start step gave, and those that it could not give."""
        self.facts.document_count = len(documents)
        self.report.documents_in = len(documents) + failed

    def _facts(self) -> Facts:
        options = self.options
        return Facts(
            execution_id=uuid.uuid4().hex[:12],
            process=self.process.name,
            started=options.clock(),
            connectors=self.project.registry.names,
            clock=options.clock,
            process_properties={**self.project.process_properties, **options.process_properties},
            state=options.state,
            new_uuid=options.new_uuid,
            call=ValueCall(self.project, self.clients, self.runtime),
            lookup=self.caches.latest,
        )

    def _run_process(self) -> None:
        log.debug("execution %s of %s started", self.facts.execution_id, self.process.name)
        try:
            self._history.begin()
            self._walk_to_end()
            self.join()
            self.report.status = self._status()
            self._history.end(well=self.report.status != "error")
        except FiberEnded:
            raise  # it ends in the middle, which is no success
        except Halted as halted:
            self._halt(halted.error, halted.step)
            forget_frames(halted)
        except Exception as error:  # noqa: BLE001  # a defect ends as a report
            self._halt(error, None)

    def join(self) -> None:
        """Wait for what runs beside the steps; Cancelled where some of it was asked to end."""
        try:
            if self._workers:
                self._workers.close()
        finally:
            if self.caller is None:
                self.background.join()

    def close(self, *, is_worker: bool = False) -> None:
        """Give back what the execution holds, less what a worker shares with others; a child holds little."""
        with suppress(ProcessError, StopProcess):  # how it ends is known by now
            self.join()
        if not is_worker:
            self.once.close()
        if self.caller is None:
            self.clients.close()
            self.caches.close(keep_files=is_worker)

    def _walk_to_end(self) -> None:
        try:
            self._walk()
        except FiberEnded:
            raise
        except StopProcess:
            log.debug("execution %s was stopped, well", self.facts.execution_id)

    def _walk(self) -> None:
        first = DocumentGroup(self.runtime)
        first.append(self.options.first)
        if not self.process.steps or self.process.steps[0].kind != "start":
            self.started_with(first)
        walker = Walker(self, self.report.counts)
        walker.walk(Leg(self.process.steps, first, self._arrive, self))

    def _arrive(self, _: Walker, documents: DocumentGroup) -> None:
        self.end(documents)

    def _status(self) -> str:
        if self.report.documents_failed:
            return "error"
        return "complete_with_warnings" if self.report.warned else "complete"

    def _about(self, document: Document) -> dict[str, str]:
        connectors = {each.connector.id: each.connector for each in self.project.connections.values()}
        known = [f"{name}.{each.name}" for name, by in connectors.items() for each in by.tracked if each.identifies]
        about = {name: document.tracked[name] for name in known if name in document.tracked}
        return about or {name: document.properties[name] for name in ("file_name",) if name in document.properties}

    def _halt(self, error: Exception, step: Step | None) -> None:
        self.halted = error
        self.report.status = "aborted" if isinstance(error, Cancelled) else "error"
        code, message = getattr(error, "code", type(error).__name__), str(error)
        if isinstance(error, PluginDefect) or not isinstance(error, ConnectorError):
            self.report.defect = "".join(traceback.format_exception(error))
        if not isinstance(error, ConnectorError):
            suspect = f"shape '{step.kind}'" if step else "the engine"
            code, message = "Defect", f"{suspect} raised {type(error).__name__}: {error}"
        self.report.fail(Failure(step.label if step else "", None, code, message, str(step.place) if step else ""))
        log.error("the process stopped: %s: %s", code, message)
