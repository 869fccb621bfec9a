"""The inside of a worker process: runs the rest of a path for one batch after another."""

from __future__ import annotations

import functools
import json
import logging
import os
import pickle
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.components.tracking import TrackedDocument
from process_runner.engine.caches import Caches
from process_runner.engine.counts import Counts, StepCount
from process_runner.engine.execution import Execution
from process_runner.engine.garbage import seldom_collected
from process_runner.engine.group import DocumentGroup
from process_runner.engine.options import Options
from process_runner.engine.parcel import Parcel, pack, unpack
from process_runner.engine.step import Step
from process_runner.engine.walker import Halted, StopProcess, Walker
from process_runner.language.project import Project
from process_runner.log import current_step, details, execution_context
from process_runner.redaction import Redaction
from process_runner.store import Runs, State

SETUP, LOG, STOP = "setup", "log", "stop"
"""Files in a worker's folder: what it works on, what it logged, and a wish that it ends."""

MESSAGE, CODE, STEP = "^failed.message", "^failed.code", "^failed.step"
"""Properties that bring a failed document's reason home."""

PATIENCE = 0.1
"""Seconds between two looks at whether the worker is to end."""


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know once."""

    project: Project
    process: str
    steps: tuple[Step, ...]
    caches: Path
    execution_id: str
    started: datetime
    document_count: int
    runs: Runs
    state: State | None
    clock: Callable[[], datetime]
    new_uuid: Callable[[], UUID]
    levels: Mapping[str, int]


@dataclass(frozen=True)
class Job:
    """One batch."""

    documents: Parcel
    process_properties: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of one batch; `error` is what stopped it at `step`."""

    arrived: Parcel
    ended: Parcel
    returned: Mapping[str, Parcel]
    failed: Parcel
    counts: list[StepCount]
    process_properties: Mapping[str, str]
    tracked: list[TrackedDocument] = field(default_factory=list)
    tracked_count: int = 0
    secrets: frozenset[str] = frozenset()
    warned: bool = False
    step: str | None = None
    error: Exception | None = None
    trace: str = ""


def work(folder: Path, job: Job) -> Outcome:
    """Run one batch in the worker whose folder this is."""
    return _site(folder).run(job)


def close(folder: Path) -> None:
    """Close what the worker has open."""
    _site(folder).close()


@functools.cache  # one for each worker process, for as long as it lives
def _site(folder: Path) -> _Site:
    return _Site(folder)


class _Site:
    """The execution as one worker sees it."""

    def __init__(self, folder: Path) -> None:
        setup: Setup = pickle.loads((folder / SETUP).read_bytes())  # noqa: S301  # written by our own parent
        self._steps = setup.steps
        self._runtime = _Runtime(folder)
        options = Options(clock=setup.clock, new_uuid=setup.new_uuid, state=setup.state)
        process = setup.project.processes[setup.process]
        self._execution = execution = Execution(setup.project, process, self._runtime, options)
        facts = execution.facts
        facts.execution_id, facts.started, facts.runs = setup.execution_id, setup.started, setup.runs
        facts.document_count = setup.document_count
        execution.caches = Caches(self._runtime, setup.caches)
        facts.lookup = execution.caches.latest
        _log_to(folder / LOG, execution.redaction, setup.levels)
        threading.Thread(target=self._watch, args=(folder / STOP,), name="stop", daemon=True).start()

    def run(self, job: Job) -> Outcome:
        """Take one batch to the end of its path."""
        execution = self._execution
        execution.facts.process_properties.clear()
        execution.facts.process_properties.update(job.process_properties)
        walker = Walker(execution, Counts({label: step.kind for label, step in execution.steps.items()}))
        ways = _Ways(execution)
        halted: Halted | StopProcess | None = None
        documents = unpack(job.documents, self._runtime)
        with seldom_collected(), execution_context(execution.facts.execution_id, execution.process.name):
            try:
                walker.walk(self._steps, documents, ways.arrive, ways)
            except (Halted, StopProcess) as error:
                halted = error
        return self._outcome(job, walker, ways, halted)

    def close(self) -> None:
        """Close the clients, and the workers of this worker."""
        self._execution.close(keep_caches=True)
        if self._execution.options.state:
            self._execution.options.state.close()

    def _outcome(self, job: Job, walker: Walker, ways: _Ways, halted: Halted | StopProcess | None) -> Outcome:
        report, properties = self._execution.report, self._execution.facts.process_properties
        error = halted.error if isinstance(halted, Halted) else halted
        tracked, report.tracked = report.tracked, []
        tracked_count, report.tracked_count = report.tracked_count, 0
        return Outcome(
            pack(ways.arrived),
            pack(ways.ended),
            {label: pack(group) for label, group in ways.returned.items()},
            pack(ways.failed),
            walker.counts.totals(),
            {name: text for name, text in properties.items() if job.process_properties.get(name) != text},
            tracked,
            tracked_count,
            self._execution.redaction.secrets - self._execution.project.secrets,
            report.warned,
            halted.step.label if isinstance(halted, Halted) else None,
            error,
            "".join(traceback.format_exception(error)) if error else "",
        )

    def _watch(self, stop: Path) -> None:
        waiting = threading.Event()
        while not stop.exists():
            waiting.wait(PATIENCE)
        self._runtime.stop()


class _Runtime(LocalRuntime):
    """Keeps files beside the worker's folder: they go home, and may live longer than the worker."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._name = folder.name

    def new_path(self) -> Path:
        """A path that neither the parent nor another worker uses."""
        path = super().new_path()
        return path.with_name(f"{self._name}-{path.name}")


class _Ways:
    """The enclosure of a batch: what leaves it goes home."""

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
        """Take a document that failed, without its content."""
        reason = {MESSAGE: self._execution.redaction(str(error)), CODE: error.code, STEP: step.label}
        with self._lock:
            self.failed.append(document.replace(payload=Payload(b""), tracked={**document.tracked, **reason}))

    def end(self, documents: DocumentGroup) -> None:
        """Take documents that ended, without their content."""
        with self._lock:
            self.ended.extend(document.replace(payload=Payload(b"")) for document in documents)

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Take documents for the caller."""
        with self._lock:
            self.returned.setdefault(label, DocumentGroup(self._execution.runtime)).extend(documents)


class _ToFile(logging.Handler):
    """Writes records where the parent reads them."""

    def __init__(self, path: Path, redact: Redaction) -> None:
        super().__init__()
        self._path = path
        self._redact = redact
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """One line, in one write."""
        text, told = self._redact(self.format(record)), self._redact.within(details(record))
        line = json.dumps([record.name, record.levelno, current_step(), text, told])
        target = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(target, line.encode() + b"\n")
        finally:
            os.close(target)


def _log_to(path: Path, redact: Redaction, levels: Mapping[str, int]) -> None:
    logging.getLogger().handlers[:] = [_ToFile(path, redact)]
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
