"""Crash logs: where the traceback of a defect goes."""

from __future__ import annotations

import platform
import sys
import tempfile
from importlib.metadata import version


def write_crash_log(trace: str) -> str:
    """Write what a report of the defect needs to a file of its own, and give the file's path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="process-runner-crash-", suffix=".log", delete=False, encoding="utf-8"
    ) as stream:
        stream.write(f"process-runner {version('process-runner')}, Python {platform.python_version()}\n")
        stream.write(f"{' '.join(sys.argv[:2])}\n\n{trace}")
    return stream.name
