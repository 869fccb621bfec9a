"""Many jobs of one step in one thread: each goes on when what it waits for is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import Generic, TypeVar

from connector_sdk.loop import Loop
from connector_sdk.task import Task

Job = TypeVar("Job")
Answer = TypeVar("Answer")

WINDOW = 4
"""Jobs that may have begun and not been handed on for each that may be under way, so that a slow one idles no other."""
PATIENCE = 0.2
"""Seconds to wait for whatever comes first."""


def together(
    jobs: Iterable[Job], work: Callable[[Job], Answer], limits: tuple[int, int], lane: Callable[[Job], Hashable]
) -> Iterator[tuple[Job, Answer]]:
    """Each job with its answer, in the order of the jobs.

    As many as the first of `limits` are under way at once, and one more, up to the second, each time that all of them
    wait. Jobs of one lane are worked on one after another; None is no lane. When jobs or work raise, those under way
    are finished and answered, and then the exception goes on.
    """
    row = _Row(work, limits, lane)
    try:
        yield from row.answers(jobs)
    except Exception:  # passed on as it is, after the answers of what had begun are told
        row.loop.finish()
        yield from ((job, task.result()) for job, task in row.begun if task.is_well)
        raise
    finally:
        row.loop.finish()


class _Row(Generic[Job, Answer]):
    """The jobs that have begun, in their order."""

    def __init__(self, work: Callable[[Job], Answer], limits: tuple[int, int], lane: Callable[[Job], Hashable]) -> None:
        self.loop = Loop(limits[0])
        self.begun: deque[tuple[Job, Task[Answer]]] = deque()
        self._work = work
        self._limit, self._most = limits
        self._lane = lane
        self._many = 2 * self._most * WINDOW
        """Lanes, of which many will be free."""
        self._lanes: dict[Hashable, Task[Answer]] = {}

    def answers(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        loop, begun = self.loop, self.begun
        for job in jobs:
            while loop.busy >= self._limit or len(begun) >= self._limit * WINDOW:
                if not loop.turn(0):
                    if loop.busy >= self._limit < self._most:
                        self._limit += 1
                        break
                    loop.turn(PATIENCE)
                yield from self._answered()
            begun.append((job, self._begin(job)))
        while begun:
            yield from self._answered()
            if begun:
                loop.turn(PATIENCE)

    def _begin(self, job: Job) -> Task[Answer]:
        name = self._lane(job)
        if name is None:
            return self.loop.start(partial(self._work, job))
        before = self._lanes.get(name)
        if before is None or before.is_done:
            task = self.loop.start(partial(self._work, job))
        else:
            task = self.loop.start(partial(_after, before, self._work, job))
        if len(self._lanes) > self._many:
            self._lanes = {each: last for each, last in self._lanes.items() if not last.is_done}
        self._lanes[name] = task
        return task

    def _answered(self) -> Iterator[tuple[Job, Answer]]:
        begun = self.begun
        while begun and begun[0][1].is_done:
            job, task = begun.popleft()
            yield job, task.result()


def _after(before: Task[Answer], work: Callable[[Job], Answer], job: Job) -> Answer:
    before.join()
    return work(job)
