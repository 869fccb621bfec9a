"""Ending: work of several threads that ends in all of them as soon as it is in vain."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

from connector_sdk import Cancelled, Payload, Runtime

PATIENCE = 0.2
"""Seconds between two looks at whether the others have ended."""


class Until(NamedTuple):
    """A runtime that also ends when `ended` is set."""

    runtime: Runtime
    ended: threading.Event

    @property
    def stopping(self) -> bool:
        return self.runtime.stopping or self.ended.is_set()

    def check(self) -> None:
        if self.ended.is_set():
            raise Cancelled
        self.runtime.check()

    def wait(self, seconds: float) -> None:
        steps = range(math.ceil(seconds / PATIENCE)) or range(1)
        for _ in steps:
            self.runtime.wait(seconds / len(steps))
            self.check()

    def store(self, source: BinaryIO | Iterable[bytes]) -> Payload:
        return self.runtime.store(source)
