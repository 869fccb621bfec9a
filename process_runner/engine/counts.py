"""Counts: what passed through each step, kept by the thread that walks the steps and summed for the report."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class StepCount:
    """What passed through one step; `bytes` is the content that came out, `duration` in seconds is the step's own.

    `failed` counts failures, those of each retry too; `caught` those of them that went down a catch path.
    """

    step: str
    shape: str
    documents_in: int = 0
    documents_out: int = 0
    failed: int = 0
    caught: int = 0
    bytes: int = 0
    duration: float = 0.0

    def add(self, other: StepCount) -> None:
        """Count what the other counted too."""
        self.documents_in += other.documents_in
        self.documents_out += other.documents_out
        self.failed += other.failed
        self.caught += other.caught
        self.bytes += other.bytes
        self.duration += other.duration


class Counts:
    """A count for each step. One thread writes it, without a lock; fibers write forks of it."""

    def __init__(self, shapes: Mapping[str, str]) -> None:
        """`shapes` are the steps' labels with the names of their shapes."""
        self._shapes = shapes
        self._counts: dict[str, StepCount] = {}
        self._forks: set[Counts] = set()
        self._lock = threading.Lock()

    def of(self, step: str) -> StepCount:
        """The count of one step."""
        if step not in self._counts:
            self._counts[step] = StepCount(step, self._shapes[step])
        return self._counts[step]

    def fork(self) -> Counts:
        """Counts for another thread, which show in `totals` at once."""
        fork = Counts(self._shapes)
        with self._lock:
            self._forks.add(fork)
        return fork

    def join(self, fork: Counts) -> None:
        """Take over what a fork counted, when its thread has ended."""
        with self._lock:
            self.add(fork.totals())
            self._forks.discard(fork)

    def add(self, counted: Iterable[StepCount]) -> None:
        """Add what was counted elsewhere."""
        for count in counted:
            self.of(count.step).add(count)

    def totals(self) -> list[StepCount]:
        """The sums over this and all its forks, in the order of the steps."""
        sums = {label: StepCount(label, shape) for label, shape in self._shapes.items()}
        with self._lock:
            parts = [*self._counts.copy().values(), *(count for fork in self._forks for count in fork.totals())]
        for part in parts:
            sums[part.step].add(part)
        return list(sums.values())
