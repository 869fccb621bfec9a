"""How often Python looks for garbage in cycles while documents travel."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 20)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look far less often, in this whole operating system process, for the length of the context.

    What is imported stays, and documents come and go by the thousand and are in no cycles. Looking at them as often as
    Python does by itself costs a command a quarter of its start, and a run of many small documents half of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
