"""The budget of parts in flight: one for the whole process, so that memory does not grow with the uploads."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connector_sdk import Runtime

PARTS_IN_FLIGHT = 8
"""Each holds a few MiB of buffers in botocore and in the TLS library."""


class Budget:
    """A number of places; who gets none waits for one."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self, runtime: Runtime) -> Iterator[None]:
        """Hold a place; Cancelled when the run is to end before one is free."""
        while not self._places.acquire(timeout=0.2):
            runtime.check()
        try:
            yield
        finally:
            self._places.release()


@functools.cache
def of_process() -> Budget:
    """The one budget; shared on purpose, for a limit that each connection had of its own would limit nothing."""
    return Budget(PARTS_IN_FLIGHT)
