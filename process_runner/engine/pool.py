"""A bounded pool inside one step: results in the order of the work, at most a window of it under way."""

from __future__ import annotations

import contextvars
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

PATIENCE = 0.2
"""Seconds; a signal that comes just before waiting begins is only handled when it is over."""
WINDOW = 4
"""Jobs handed out for each thread, so that one slow job does not idle the others while order is kept."""


def in_order(
    jobs: Iterable[Job],
    work: Callable[[Job], Answer],
    threads: int,
    lane: Callable[[Job], Hashable],
) -> Iterator[tuple[Job, Answer]]:
    """Each job with its answer, in the order of the jobs.

    Jobs of one lane are worked on one after another; None is no lane. When jobs or work raise, jobs that have not begun
    are dropped, those under way are waited for and answered, and then the exception goes on.
    """
    if threads == 1:
        yield from ((job, work(job)) for job in jobs)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="step")
    try:
        yield from _windowed(jobs, work, lane, pool, threads * WINDOW)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _windowed(
    jobs: Iterable[Job],
    work: Callable[[Job], Answer],
    lane: Callable[[Job], Hashable],
    pool: ThreadPoolExecutor,
    window: int,
) -> Iterator[tuple[Job, Answer]]:
    under_way: deque[tuple[Job, Future[Answer]]] = deque()
    lanes: dict[Hashable, Future[Answer]] = {}
    try:
        for job in jobs:
            if len(under_way) >= window:
                yield _first(under_way)
            if len(lanes) > 2 * window:
                lanes = {name: future for name, future in lanes.items() if not future.done()}
            name = lane(job)
            future = pool.submit(contextvars.copy_context().run, _after, lanes.get(name), work, job)
            if name is not None:
                lanes[name] = future
            under_way.append((job, future))
        while under_way:
            yield _first(under_way)
    except Exception:  # passed on as it is, after the answers of what had begun are told
        yield from _finished(under_way)
        raise


def _after(before: Future[Answer] | None, work: Callable[[Job], Answer], job: Job) -> Answer:
    # The earlier job was submitted first, so it has a thread already: waiting here cannot block it.
    if before is not None:
        before.exception()
    return work(job)


def _finished(under_way: deque[tuple[Job, Future[Answer]]]) -> Iterator[tuple[Job, Answer]]:
    """The answers of jobs that had begun, so that what was done can be told."""
    begun = [(job, future) for job, future in under_way if not future.cancel()]
    for job, future in begun:
        if future.exception() is None:
            yield job, future.result()


def _first(under_way: deque[tuple[Job, Future[Answer]]]) -> tuple[Job, Answer]:
    job, future = under_way.popleft()
    while not future.done():
        wait((future,), PATIENCE)
    return job, future.result()
