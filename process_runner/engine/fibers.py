"""Fibers: consecutive slices of a group, each taken on by a thread of its own, batch after batch."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice

from connector_sdk import Cancelled
from process_runner.engine.flow import Flow
from process_runner.engine.group import MOST_DOCUMENTS, DocumentGroup
from process_runner.engine.walker import PATIENCE, FiberEnded, Halted, StopProcess, Walker

Work = Callable[[int, Walker, DocumentGroup], None]
"""Takes one batch of a fiber, which is told by its number from 0, to completion."""


class Fibers:
    """A fiber for each slice, which it takes in batches of `batch`."""

    def __init__(self, flow: Flow, batch: int | None, work: Work) -> None:
        self._flow = flow
        self._batch = batch
        self._work = work
        self._halt = threading.Event()
        self._errors: list[BaseException] = []

    def run(self, slices: list[DocumentGroup]) -> None:
        """Run all fibers to their end; the first error of one ends the others and is raised."""
        if len(slices) == 1:
            self._take(0, self._flow.walker, slices[0])
            return
        walkers = [self._flow.walker.fork(self._halt) for _ in slices]
        with ThreadPoolExecutor(len(slices), thread_name_prefix="fiber") as pool:
            futures = [
                pool.submit(contextvars.copy_context().run, self._fiber, number, walker, part)
                for number, (walker, part) in enumerate(zip(walkers, slices, strict=True))
            ]
            self._wait(futures)
        for walker in walkers:
            self._flow.walker.counts.join(walker.counts)
        if self._errors:
            raise min(self._errors, key=_rank)

    def _wait(self, futures: list[Future[None]]) -> None:
        try:
            while wait(futures, PATIENCE).not_done:
                continue  # a signal that comes just before waiting begins is only handled when it is over
        except BaseException:
            self._halt.set()  # the one who waits was interrupted, and the pool waits for its threads
            raise

    def _fiber(self, number: int, walker: Walker, documents: DocumentGroup) -> None:
        try:
            self._take(number, walker, documents)
        except BaseException as error:  # noqa: BLE001  # raised again by run()
            self._errors.append(error)
            self._halt.set()

    def _take(self, number: int, walker: Walker, documents: DocumentGroup) -> None:
        for batch in batches(documents, self._batch):
            walker.check()
            self._work(number, walker, batch)


def sliced(documents: DocumentGroup, count: int) -> list[DocumentGroup]:
    """At most `count` consecutive slices: slice i begins at i * ceil(n / count)."""
    size = -(-len(documents) // count)
    return [documents.part(start, start + size) for start in range(0, len(documents), size)]


def batches(documents: DocumentGroup, size: int | None) -> Iterator[DocumentGroup]:
    """The documents in consecutive parts of `size`, or all at once."""
    size = size or len(documents)
    if size >= MOST_DOCUMENTS:
        yield from (documents.part(start, start + size) for start in range(0, len(documents), size))
        return
    reader = iter(documents)  # a part of its own for each small batch would read a block of documents each time
    while few := list(islice(reader, size)):
        batch = documents.part(0, 0)
        batch.extend(few)
        few.clear()
        yield batch
        del batch


def _rank(error: BaseException) -> int:
    """What counts more when several fibers end: an error, a person's wish, a good end, another fiber's end."""
    if isinstance(error, StopProcess):
        return 3 if isinstance(error, FiberEnded) else 2
    return 1 if isinstance(error, Halted) and isinstance(error.error, Cancelled) else 0
