"""Signals: the first asks a run to end, the second does not ask."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connector_sdk.runtime import LocalRuntime
from process_runner.console.errors import ABORTED

GRACE = 1.0
"""Seconds that a run has after the second signal, for threads that are in a call; then it is cut off."""
_SHOW_CURSOR = "\x1b[?25h"

log = logging.getLogger("process_runner")


@contextmanager
def stoppable(runtime: LocalRuntime) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP ask what runs to end; the second one does not ask. `nohup` keeps its meaning."""
    end = threading.Timer(GRACE, _end, (runtime,))
    end.daemon = True

    def stop(number: int, _: object) -> None:
        if runtime.stopping:
            if not end.is_alive():
                end.start()
            raise KeyboardInterrupt
        runtime.stop()
        log.warning("%s: ending after what is under way; once more ends at once", signal.Signals(number).name)

    asking = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asking.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in asking}
    try:
        yield
    finally:
        end.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(runtime: LocalRuntime) -> None:
    """End this operating system process, whatever its threads wait for, and leave nothing behind."""
    from multiprocessing import active_children

    for child in active_children():
        child.kill()
    shutil.rmtree(runtime.folder, ignore_errors=True)
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)  # the live table hides it
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(ABORTED)
