"""Walker: takes documents through the steps of a tree, depth first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from connector_sdk import Document, DocumentError, ProcessError
from process_runner.engine.counts import Counts
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Step
from process_runner.log import step_context

if TYPE_CHECKING:
    from process_runner.engine.execution import Execution

PATIENCE = 0.2
"""Seconds after which a waiting fiber looks whether another one has stopped everything."""


class StopProcess(Exception):  # not an error: the process ends well, by `stop: process`
    """Ends the whole process, well."""


class FiberEnded(StopProcess):
    """Ends a fiber because another one stopped everything."""


class Halted(Exception):
    """Everything stops: `error` came out of `step` and concerns no single document."""

    def __init__(self, step: Step, error: Exception) -> None:
        super().__init__(step, error)
        self.step = step
        self.error = error


class Enclosure(Protocol):
    """What stands around a path and takes the documents that leave it before its end."""

    def fail(self, document: Document, step: Step, error: DocumentError) -> None:
        """Take a document that failed."""

    def end(self, documents: DocumentGroup) -> None:
        """Take documents that ended well."""

    def give_back(self, label: str, documents: DocumentGroup) -> None:
        """Take documents for the caller of the process."""


After = Callable[["Walker", DocumentGroup], None]


@dataclass(frozen=True, slots=True)
class Rest:
    """What follows a step: the later steps of its path, then whatever follows the path."""

    steps: tuple[Step, ...]
    after: After
    enclosure: Enclosure

    def go_on(self, walker: Walker, documents: DocumentGroup) -> None:
        """Run it, to completion."""
        walker.walk(self.steps, documents, self.after, self.enclosure)


class Walker:
    """Walks in one thread and counts for itself; `check` raises when the walk has to end."""

    def __init__(self, execution: Execution, counts: Counts) -> None:
        self.execution = execution
        self.counts = counts
        self.check: Callable[[], None] = execution.check
        self.in_fiber: bool = execution.in_fiber

    def fork(self, halt: threading.Event) -> Walker:
        """A walker for another thread, which ends when `halt` is set or when this one has to end."""
        fork = Walker(self.execution, self.counts.fork())
        outer_check = self.check

        def check() -> None:
            if halt.is_set():
                raise FiberEnded
            outer_check()

        fork.check = check
        fork.in_fiber = True
        return fork

    def wait(self, seconds: float) -> None:
        """Sleep, or raise as soon as the walk has to end."""
        self.check()
        until = time.monotonic() + seconds
        while self.in_fiber and (remaining := until - time.monotonic()) > PATIENCE:
            self.execution.runtime.wait(min(PATIENCE, remaining))
            self.check()
        self.execution.runtime.wait(max(until - time.monotonic(), 0) if self.in_fiber else seconds)

    def walk(self, steps: tuple[Step, ...], documents: DocumentGroup, after: After, enclosure: Enclosure) -> None:
        """Take documents through `steps`, then hand them to `after`. A path without documents is not run."""
        for index, step in enumerate(steps):
            if not documents:
                return
            result = self._step(step, documents, Rest(steps[index + 1 :], after, enclosure))
            if result is None:
                return
            documents = result
        if documents:
            after(self, documents)

    def _step(self, step: Step, documents: DocumentGroup, rest: Rest) -> DocumentGroup | None:
        count = self.counts.of(step.label)
        count.documents_in += len(documents)
        flow = Flow(self, step, count, rest)
        started = time.perf_counter()
        try:
            self.check()
            with step_context(step.label):
                return step.shape.run(documents, flow)
        except (StopProcess, Halted):
            raise
        except RecursionError as error:
            raise Halted(step, ProcessError("too many steps and blocks follow each other", "TooDeep")) from error
        except Exception as error:  # passed on with the step it came out of, which nobody further out knows
            raise Halted(step, error) from error
        finally:
            count.duration += time.perf_counter() - started - flow.seconds_inside
