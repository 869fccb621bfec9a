"""Workers: operating system processes that run the rest of a path, each for one fiber."""

from __future__ import annotations

import json
import logging
import multiprocessing
import pickle
import shutil
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING

from connector_sdk import Cancelled, Document, DocumentError, ProcessError
from process_runner.engine.group import DocumentGroup
from process_runner.engine.parcel import pack, unpack
from process_runner.engine.step import Step
from process_runner.engine.walker import PATIENCE, Enclosure, Halted, Rest, Walker
from process_runner.engine.worker import CODE, LOG, MESSAGE, SETUP, STEP, STOP, Job, Outcome, Setup, close, work
from process_runner.log import step_context

if TYPE_CHECKING:
    from process_runner.engine.execution import Execution

LOGGERS = ("", "process_runner", "connectors")


class Worker:
    """One process, with a folder in which it finds its setup and leaves its log."""

    def __init__(self, execution: Execution, steps: tuple[Step, ...]) -> None:
        self._execution = execution
        self._folder = execution.runtime.new_path()
        self._folder.mkdir()
        self._log_read = 0
        (self._folder / SETUP).write_bytes(_pickled(execution, steps))
        spawning = multiprocessing.get_context("spawn")
        # The terminal sends SIGINT to every process of the group; here the parent decides what it means.
        self._pool = ProcessPoolExecutor(1, spawning, signal.signal, (signal.SIGINT, signal.SIG_IGN))

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to end, and takes no more work."""
        return (self._folder / STOP).exists()

    def run(self, walker: Walker, documents: DocumentGroup, rest: Rest) -> None:
        """Have the rest of the path run over there, and what follows the path here."""
        job = Job(pack(documents), dict(self._execution.facts.process_properties))
        outcome = self._wait(self._pool.submit(work, self._folder, job), walker)
        arrived = self._take(outcome, walker, rest.enclosure)
        if arrived:
            rest.after(walker, arrived)
        if outcome.error is None:
            return
        if isinstance(outcome.error, Cancelled):
            walker.check()  # it was told to end because this walk has to: what this one ends by is the reason
        if outcome.step is None:
            raise outcome.error
        outcome.error.add_note(f"In a worker process:\n{outcome.trace}")
        raise Halted(self._execution.steps[outcome.step], outcome.error)

    def close(self) -> None:
        """End the process, after it has closed its clients."""
        with suppress(BrokenProcessPool):
            self._pool.submit(close, self._folder).result()
        self._pool.shutdown()
        self._tell()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self, future: Future[Outcome], walker: Walker) -> Outcome:
        while True:
            try:
                return future.result(PATIENCE)
            except TimeoutError:
                self._tell()
                self._pass_on_stop(walker)
            except BrokenProcessPool as error:
                (self._folder / STOP).touch()
                raise ProcessError("a worker process died, perhaps for lack of memory", "WorkerDied") from error

    def _pass_on_stop(self, walker: Walker) -> None:
        try:
            walker.check()
        except Exception:  # noqa: BLE001  # whatever ends the walk; it is raised again when the worker has answered
            (self._folder / STOP).touch()

    def _take(self, outcome: Outcome, walker: Walker, enclosure: Enclosure) -> DocumentGroup:
        execution, runtime = self._execution, self._execution.runtime
        execution.redaction.add(outcome.secrets)
        self._tell()
        walker.counts.add(outcome.counts)
        execution.facts.process_properties.update(outcome.process_properties)
        execution.report.warned = execution.report.warned or outcome.warned
        execution.tracking.add(outcome.tracked, outcome.tracked_count)
        for document in unpack(outcome.failed, runtime):
            reason = DocumentError(document.tracked[MESSAGE], document.tracked[CODE])
            enclosure.fail(_plain(document), execution.steps[document.tracked[STEP]], reason)
        enclosure.end(unpack(outcome.ended, runtime))
        for label, parcel in outcome.returned.items():
            enclosure.give_back(label, unpack(parcel, runtime))
        return unpack(outcome.arrived, runtime)

    def _tell(self) -> None:
        """Log here what was logged over there."""
        with suppress(FileNotFoundError), open(self._folder / LOG, "rb") as stream:
            stream.seek(self._log_read)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._log_read += len(line)
                name, level, step, text, details = json.loads(line)
                with step_context(step):
                    logging.getLogger(name).log(level, "%s", text, extra=details)


class Workers:
    """The workers of an execution, by the step and the fiber that they work for."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._workers: dict[tuple[str, int], Worker] = {}

    def get(self, step: str, fiber: int, steps: tuple[Step, ...]) -> Worker:
        """The worker of a fiber; fibers of one step may ask at once."""
        found = self._workers.get((step, fiber))
        if found is not None and found.is_stopped:
            found.close()
            found = None
        if found is None:
            found = self._workers[step, fiber] = Worker(self._execution, steps)
        return found

    def close(self) -> None:
        """End all of them."""
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()


def _pickled(execution: Execution, steps: tuple[Step, ...]) -> bytes:
    facts = execution.facts
    setup = Setup(
        execution.project,
        execution.process.name,
        steps,
        execution.caches.folder,
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


def _plain(document: Document) -> Document:
    kept = {name: text for name, text in document.tracked.items() if name not in (MESSAGE, CODE, STEP)}
    return document.replace(tracked=kept)
