"""Walker: takes documents through the steps of a tree, depth first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from connector_sdk import ProcessError
from process_runner.engine.blocks import OneReading, gathered, simple_steps, through
from process_runner.engine.counts import Counts
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import After, Enclosure, Leg, Rest
from process_runner.engine.step import Step
from process_runner.log import of_step

if TYPE_CHECKING:
    from process_runner.engine.execution import Execution

Answer = TypeVar("Answer")

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

    def walk(self, leg: Leg) -> None:
        """Take documents along a leg and whatever follows from it, to completion.

        Legs that wait for others lie in a list, so that any number of blocks may follow each other.
        """
        under_way: list[Generator[Leg, None, Leg | None]] = []
        onward: Leg | None = leg
        del leg  # whoever holds documents keeps what lies on disk
        while onward or under_way:
            if onward:
                under_way.append(self._along(onward))
                onward = None
            try:
                onward = next(under_way[-1])
            except StopIteration as end:
                under_way.pop()
                onward = end.value

    def _along(self, leg: Leg) -> Generator[Leg, None, Leg | None]:
        """The legs that follow from a step that does not just pass documents on, or the one at the end of the path."""
        steps, documents, after, enclosure = leg
        del leg
        while steps and documents:  # a path without documents is not run
            flow = self._flow(steps, after, enclosure)
            work: Callable[[], DocumentGroup | Iterable[Leg] | None]
            if works := simple_steps(steps):
                flows = [flow, *(self._flow(steps[place:], after, enclosure) for place in range(1, len(works)))]
                made, steps = through(flows, works, documents, self._working), steps[len(works) :]
                if not steps or (sorting := steps[0].shape.sorting()) is None:
                    documents = gathered(made, flows[-1], self._working)
                    continue
                del documents
                if (first := next(made, None)) is None:
                    return None
                flow = self._flow(steps, after, enclosure)
                work = partial(sorting, OneReading(chain((first,), made), flow), flow)
                del first
            else:
                flow.count.documents_in += len(documents)
                work = partial(flow.step.shape.run, documents, flow)
            result = self._working(flow, work)
            if not isinstance(result, DocumentGroup):
                yield from iter(partial(self._working, flow, partial(next, iter(result or ()), None)), None)
                return None
            documents, steps = result, steps[1:]
            del result, work  # simple steps that follow set neither, and would keep this group until the path ends
        return after(self, documents) if documents else None

    def _flow(self, steps: tuple[Step, ...], after: After, enclosure: Enclosure) -> Flow:
        """The flow of the first of these steps."""
        return Flow(self, steps[0], self.counts.of(steps[0].label), Rest(steps[1:], after, enclosure))

    def _working(self, flow: Flow, work: Callable[[], Answer]) -> Answer:
        """What a step's work gives; its time, its log lines and its errors are the step's."""
        step, started, before = flow.step, time.perf_counter(), flow.seconds_inside
        try:
            self.check()
            return of_step(step.label, work)
        except (StopProcess, Halted):
            raise
        except RecursionError as error:
            raise Halted(step, ProcessError("the processes and blocks are nested too deeply", "TooDeep")) from error
        except Exception as error:  # passed on with the step it came out of, which nobody further out knows
            raise Halted(step, error) from error
        finally:
            flow.count.duration += time.perf_counter() - started - (flow.seconds_inside - before)
