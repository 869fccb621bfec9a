"""Watch: ends statements that a server works on as soon as the run is asked to end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from connector_sdk import Runtime

log = logging.getLogger(__name__)
PAUSE = 0.25


class Watch:
    """A thread that calls `cancel` with each connection that is at work while the run is to end."""

    def __init__(self, runtime: Runtime, cancel: Callable[[Any], None]) -> None:
        self._runtime = runtime
        self._cancel = cancel
        self._busy: set[Any] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, driver: Any) -> Iterator[None]:
        """Watch over this connection as long as the block lasts."""
        with self._lock:
            self._busy.add(driver)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="database watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(driver)

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._closed.wait(PAUSE):
            if not self._runtime.stopping:
                continue
            with self._lock:
                busy = list(self._busy)
            for driver in busy:
                self._end(driver)

    def _end(self, driver: Any) -> None:
        try:
            self._cancel(driver)
        except Exception:  # whatever a driver raises: the statement then ends by itself, and the run after it
            log.debug("a statement could not be cancelled", exc_info=True)
