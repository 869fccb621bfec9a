"""Workers: operating system processes that run the rest of a path, each for one fiber."""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import shutil
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from connector_sdk import Cancelled, ProcessError
from process_runner.engine.exchange import Farewell, Job, News, Outcome, Setup
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Enclosure, Rest
from process_runner.engine.parcel import pack, unpack
from process_runner.engine.step import Step
from process_runner.engine.walker import PATIENCE, FiberEnded, Halted, Walker
from process_runner.engine.ways import plain, reason
from process_runner.engine.worker import LOG, SIGNALS, STOP, begin, close, work
from process_runner.engine.worker_log import WorkerLog
from process_runner.log import step_context

if TYPE_CHECKING:
    from process_runner.engine.execution import Execution

LOGGERS = ("", "process_runner", "connectors")

Answer = TypeVar("Answer")
Check = Callable[[], None]


class Worker:
    """One process, with a folder in which it leaves its log and finds whether it is to end.

    Its setup holds every setting of the project, so it goes through a pipe and never lies on disk.
    """

    def __init__(self, execution: Execution, steps: tuple[Step, ...]) -> None:
        self._execution = execution
        self._folder = execution.runtime.new_path()
        self._folder.mkdir()
        self._log = WorkerLog(self._folder / LOG)
        self._jobs = count(1)
        self._is_dead = False
        self._is_stopped = False
        spawning = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, spawning, begin, (self._folder, _pickled(execution, steps)))

    @property
    def is_over(self) -> bool:
        """Whether it takes no more work."""
        return self._is_dead or self._is_stopped

    def run(self, walker: Walker, documents: DocumentGroup, rest: Rest) -> None:
        """Have the rest of the path run over there, and what follows the path here."""
        halt = self._folder / f"halt-{next(self._jobs)}"
        job = Job(pack(documents), dict(self._execution.facts.process_properties), halt)
        outcome = self._answer(walker.check, halt, work, job)
        arrived = self._take(outcome, walker, rest.enclosure)
        if arrived and (onward := rest.after(walker, arrived)):
            walker.walk(onward)
        if outcome.error is None:
            return
        if isinstance(outcome.error, Cancelled):
            walker.check()  # it was told to end because this walk has to: what this one ends by is the reason
        if outcome.step is None:
            raise outcome.error
        outcome.error.add_note(f"In a worker process:\n{outcome.trace}")
        raise Halted(self._execution.steps[outcome.step], outcome.error)

    def close(self) -> None:
        """End the process, after what runs beside its batches has ended and its clients are closed."""
        check = self._execution.check
        try:
            farewell = Farewell() if self._is_dead else self._answer(check, None, close)
        finally:
            self._pool.shutdown()
            self._log.tell()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._hear(farewell.news)
        if farewell.cut_short:
            check()

    def _answer(self, check: Check, halt: Path | None, ask: Callable[..., Answer], *given: object) -> Answer:
        """What the worker answers; meanwhile its log is told, and what ends the one who waits is passed on."""
        try:
            with _signals_blocked():
                future = self._pool.submit(ask, *given)
            while not wait([future], PATIENCE).done:
                self._log.tell()
                self._pass_on(check, halt)
            return future.result()
        except BrokenProcessPool as error:
            self._is_dead = True
            check()
            raise ProcessError("a worker process died, perhaps for lack of memory", "WorkerDied") from error

    def _pass_on(self, check: Check, halt: Path | None) -> None:
        try:
            check()
        except FiberEnded:
            if halt:
                halt.touch()  # only the batch ends: what runs beside it goes on, as it does beside a thread
        except Cancelled:
            self._is_stopped = True
            (self._folder / STOP).touch()

    def _take(self, outcome: Outcome, walker: Walker, enclosure: Enclosure) -> DocumentGroup:
        execution, runtime = self._execution, self._execution.runtime
        self._hear(outcome.news)
        walker.counts.add(outcome.counts)
        execution.facts.process_properties.update(outcome.process_properties)
        for document in unpack(outcome.failed, runtime):
            step, error = reason(document)
            with step_context(step):
                enclosure.fail(plain(document), execution.steps[step], error)
        enclosure.end(unpack(outcome.ended, runtime))
        for label, parcel in outcome.returned.items():
            enclosure.give_back(label, unpack(parcel, runtime))
        return unpack(outcome.arrived, runtime)

    def _hear(self, news: News) -> None:
        execution = self._execution
        execution.redaction.add(news.secrets)
        self._log.tell()
        execution.report.warned = execution.report.warned or news.warned
        execution.tracking.add(news.tracked, news.tracked_count)
        if news.defect:
            execution.outermost.report.defect = news.defect


class Workers:
    """The workers of an execution, by the step and the fiber that they work for. Safe for threads."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._all: list[Worker] = []
        self._idle: defaultdict[tuple[str, int], list[Worker]] = defaultdict(list)
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, step: str, fiber: int, steps: tuple[Step, ...]) -> Iterator[Worker]:
        """A worker of this fiber that nobody else uses meanwhile, as fibers may have fibers of the same number."""
        with self._lock:
            idle = self._idle[step, fiber]
            worker = idle.pop() if idle else self._begun(steps)
        try:
            yield worker
        finally:
            if not worker.is_over:
                idle.append(worker)

    def close(self) -> None:
        """End all of them, and only then raise what one of them ended by."""
        self._idle.clear()
        with ExitStack() as stack:
            while self._all:
                stack.callback(self._all.pop().close)

    def _begun(self, steps: tuple[Step, ...]) -> Worker:
        worker = Worker(self._execution, steps)
        self._all.append(worker)
        return worker


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """For a worker that starts meanwhile, and ignores them as soon as it can."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pickled(execution: Execution, steps: tuple[Step, ...]) -> bytes:
    facts = execution.facts
    setup = Setup(
        execution.project,
        execution.process.name,
        steps,
        execution.caches.folder,
        execution.once.folder,
        facts.execution_id,
        facts.started,
        facts.document_count,
        facts.runs,
        facts.state,
        facts.clock,
        facts.new_uuid,
        {name: logging.getLogger(name).getEffectiveLevel() for name in LOGGERS},
    )
    try:
        return pickle.dumps(setup, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ProcessError(f"this process cannot be sent to worker processes: {error}", "NotPicklable") from error
