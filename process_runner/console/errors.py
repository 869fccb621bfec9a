"""Errors of the command line, and the exit codes they lead to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

OK, INVALID, DEFECT, ABORTED = 0, 2, 70, 130


class UsageError(Exception):
    """The command line cannot be carried out as it is; its text says what would work."""


@contextmanager
def usable(path: object) -> Iterator[None]:
    """Turn what the operating system says about a file of the command line into a UsageError."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot use {path}: {error.strerror}") from error


@contextmanager
def telling() -> Iterator[None]:
    """Write to stdout. Who asked may have gone, or the disk may be full: the outcome is still the exit code."""
    try:
        yield
    except BrokenPipeError:
        return
    except OSError as error:
        print(f"process-runner: cannot write to stdout: {error.strerror}", file=sys.stderr)
