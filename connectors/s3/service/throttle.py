"""Throttle: S3 asking for less is heard by everybody who shares a client."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connector_sdk import Runtime

FIRST_JITTER = 1.0


class Throttle:
    """How many requests may be under way at once: half as many after a SlowDown, slowly more after successes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._under_way = 0
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """The most that may be under way now."""
        return int(self._limit)

    @contextmanager
    def turn(self, runtime: Runtime) -> Iterator[None]:
        """One request's turn; waits for it, or raises Cancelled."""
        with self._changed:
            while self._under_way >= self.limit:
                self._changed.wait(0.2)
                runtime.check()
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def slow_down(self) -> None:
        """S3 asked for less."""
        with self._changed:
            self._limit = max(1.0, min(self._limit, self._under_way) / 2)

    def speed_up(self) -> None:
        """S3 served a request: one more at once for each round of them."""
        with self._changed:
            self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def jitter(self) -> float:
        """Seconds to add to a wait of none: some where others are under way, so that they do not return together."""
        return random.uniform(0, FIRST_JITTER) if self._under_way else 0.0  # noqa: S311  spreading needs no secrecy
