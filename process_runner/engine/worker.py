"""The inside of a worker process: runs the rest of a path for one batch after another."""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import threading
import traceback
from functools import cached_property
from multiprocessing.connection import wait
from pathlib import Path

from connector_sdk import Cancelled
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.caches import Caches
from process_runner.engine.counts import Counts
from process_runner.engine.exchange import Farewell, Job, News, Outcome, Setup
from process_runner.engine.execution import Execution
from process_runner.engine.garbage import seldom_collected
from process_runner.engine.leg import Leg
from process_runner.engine.once import Once
from process_runner.engine.options import Options
from process_runner.engine.parcel import pack, unpack
from process_runner.engine.walker import Halted, StopProcess, Walker
from process_runner.engine.ways import Ways
from process_runner.engine.worker_log import log_to
from process_runner.log import execution_context

LOG, STOP = "log", "stop"
"""Files in a worker's folder: what it logged, and a wish that it ends."""

PATIENCE = 0.1
"""Seconds between two looks at whether the worker is to end."""

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""A terminal or a service manager sends them to every process of a run; what they mean the parent decides."""


def begin(folder: Path, setup: bytes) -> None:
    """Prepare a worker, whose parent has blocked the signals until they are ignored."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    sys.stdout = sys.stderr  # stdout is the summary's alone
    _site().begin(folder, setup)


def work(job: Job) -> Outcome:
    """Run one batch."""
    return _site().run(job)


def close() -> Farewell:
    """Close what the worker has open, after what runs beside its batches has ended."""
    return _site().close()


@functools.cache  # one for each worker process, for as long as it lives
def _site() -> _Site:
    return _Site()


class _Site:
    """The execution as one worker sees it."""

    def __init__(self) -> None:
        self._busy = threading.RLock()
        self._halt = Path(), threading.Event()

    def begin(self, folder: Path, setup: bytes) -> None:
        """Get ready. What the setup names is imported for the first job, which can tell of what fails."""
        self._folder = folder
        self._sent = setup
        self._runtime = _Runtime(folder)
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def run(self, job: Job) -> Outcome:
        """Take one batch to the end of its path."""
        with self._busy:
            execution = self._execution
            execution.facts.process_properties.clear()
            execution.facts.process_properties.update(job.process_properties)
            self._halt = job.halt, threading.Event()
            counts = Counts({label: step.kind for label, step in execution.steps.items()})
            walker = Walker(execution, counts).fork(self._halt[1])
            ways = Ways(execution)
            halted: Halted | StopProcess | None = None
            documents = unpack(job.documents, self._runtime)
            with seldom_collected(), execution_context(execution.facts.execution_id, execution.process.name):
                try:
                    walker.walk(Leg(self._setup.steps, documents, ways.arrive, ways))
                except (Halted, StopProcess) as error:
                    halted = error
            return self._outcome(job, walker, ways, halted)

    def close(self) -> Farewell:
        """End what is beside the batches, and the workers of this worker, and close the clients."""
        with self._busy:
            if "_execution" not in vars(self):
                return Farewell()
            cut_short = False
            try:
                self._execution.join()
            except (Cancelled, StopProcess):
                cut_short = True
            self._execution.close(is_worker=True)
            if self._setup.state:
                self._setup.state.close()
            return Farewell(self._news(), cut_short)

    @cached_property
    def _setup(self) -> Setup:
        setup: Setup = pickle.loads(self._sent)  # noqa: S301  # made by our own parent
        return setup

    @cached_property
    def _execution(self) -> Execution:
        setup = self._setup
        options = Options(clock=setup.clock, new_uuid=setup.new_uuid, state=setup.state)
        execution = Execution(setup.project, setup.project.processes[setup.process], self._runtime, options)
        facts = execution.facts
        facts.execution_id, facts.started, facts.runs = setup.execution_id, setup.started, setup.runs
        facts.document_count = setup.document_count
        execution.caches = Caches(self._runtime, setup.caches)
        execution.once = Once(self._runtime, setup.once)
        facts.lookup = execution.caches.latest
        log_to(self._folder / LOG, execution.redaction, setup.levels)
        return execution

    def _outcome(self, job: Job, walker: Walker, ways: Ways, halted: Halted | StopProcess | None) -> Outcome:
        properties = self._execution.facts.process_properties
        error = halted.error if isinstance(halted, Halted) else halted
        return Outcome(
            pack(ways.arrived),
            pack(ways.ended),
            {label: pack(group) for label, group in ways.returned.items()},
            pack(ways.failed),
            walker.counts.totals(),
            {name: text for name, text in properties.items() if job.process_properties.get(name) != text},
            self._news(),
            halted.step.label if isinstance(halted, Halted) else None,
            _portable(error) if error else None,
            "".join(traceback.format_exception(error)) if error else "",
        )

    def _news(self) -> News:
        report, redaction = self._execution.report, self._execution.redaction
        tracked, report.tracked = report.tracked, []
        count, report.tracked_count = report.tracked_count, 0
        secrets = redaction.secrets - self._execution.project.secrets
        return News(tracked, count, secrets, report.warned, report.defect)

    def _watch(self) -> None:
        parent = multiprocessing.parent_process()
        while parent and not wait([parent.sentinel], PATIENCE):
            if (self._folder / STOP).exists():
                self._runtime.stop()
            path, event = self._halt
            if path.exists():
                event.set()
        self._leave()

    def _leave(self) -> None:
        """Nobody is there any more to take an outcome: end as soon as what is under way lets go."""
        try:
            self._runtime.stop()
            self.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        finally:
            os._exit(1)


class _Runtime(LocalRuntime):
    """Keeps files beside the worker's folder: they go home, and may live longer than the worker."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._name = folder.name

    def new_path(self) -> Path:
        """A path that neither the parent nor another worker uses."""
        path = super().new_path()
        return path.with_name(f"{self._name}-{path.name}")


def _portable(error: Exception) -> Exception:
    """The error as it can travel; of one that cannot, what it says."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # dumped here
    except Exception:  # noqa: BLE001  # an exception of a plugin may do anything when it is pickled
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
