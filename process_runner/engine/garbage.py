"""How often Python looks for garbage in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 20)
HARDLY_EVER = (1_000_000, 20, 20)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look far less often, in this whole operating system process, while documents travel.

    Documents come and go by the thousand and are in no cycles. Looking at them as often as Python does by itself costs
    a run of many small documents half of its time.
    """
    with _collected(SELDOM):
        yield


@contextmanager
def hardly_collected() -> Iterator[None]:
    """Look hardly ever while modules and a project are loaded, which all stay: a look takes a tenth of a start."""
    with _collected(HARDLY_EVER):
        yield


@contextmanager
def kept() -> Iterator[None]:
    """Look at nothing that is there already, as it stays."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _collected(threshold: tuple[int, int, int]) -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*threshold)
    try:
        yield
    finally:
        gc.set_threshold(*before)
