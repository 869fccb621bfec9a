"""Pace: no more requests in a second than the server wants, whoever sends them."""

from __future__ import annotations

import threading
import time

from connector_sdk import Runtime


class Pace:
    """Gives each request its turn, evenly apart, or at once without a `rate` (requests a second). Safe for threads."""

    def __init__(self, rate: float | None) -> None:
        self._apart = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self, runtime: Runtime) -> None:
        """Wait for the next turn; raises Cancelled."""
        if not self._apart:
            return
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._apart
        if mine > now:
            runtime.wait(mine - now)
