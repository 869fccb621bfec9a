"""Throttle: S3 asking for less is heard by everybody who shares a client."""

from __future__ import annotations

import random
import threading
from collections import deque
from concurrent.futures import Future

from connector_sdk import Runtime
from connector_sdk.waiting import done

FIRST_JITTER = 1.0


class Throttle:
    """How many requests may be under way at once: half as many after a SlowDown, slowly more after successes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._under_way = 0
        self._queue: deque[Future[None]] = deque()
        self._lock = threading.Lock()

    @property
    def limit(self) -> int:
        """The most that may be under way now."""
        return int(self._limit)

    def begin(self, runtime: Runtime) -> None:
        """Take a turn for one request; waits for it, or raises Cancelled."""
        with self._lock:
            if self._under_way < self.limit:
                self._under_way += 1
                return
            turn: Future[None] = Future()
            self._queue.append(turn)
        try:
            while not done(turn):
                runtime.check()
        except BaseException:
            if not turn.cancel():
                self.end()  # it came meanwhile
            raise

    def end(self) -> None:
        """Give the turn to the next."""
        with self._lock:
            self._under_way -= 1
            while self._queue and self._under_way < self.limit:
                next_turn = self._queue.popleft()
                if next_turn.set_running_or_notify_cancel():
                    self._under_way += 1
                    next_turn.set_result(None)

    def slow_down(self) -> None:
        """S3 asked for less."""
        with self._lock:
            self._limit = max(1.0, min(self._limit, self._under_way) / 2)

    def speed_up(self) -> None:
        """S3 served a request: one more at once for each round of them."""
        if self._limit < self._most:
            with self._lock:
                self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def jitter(self) -> float:
        """Seconds to add to a wait of none: some where others are under way, so that they do not return together."""
        return random.uniform(0, FIRST_JITTER) if self._under_way else 0.0  # noqa: S311  spreading needs no secrecy
