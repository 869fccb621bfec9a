"""Crash logs: where the traceback of a defect goes, without the secrets of the project it was about."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.language.project import Project


def write_crash_log(trace: str) -> str:
    """Write what a report of the defect needs to a file of its own, and give the file's path."""
    import platform
    import tempfile
    from importlib.metadata import version

    with tempfile.NamedTemporaryFile(
        "w", prefix="process-runner-crash-", suffix=".log", delete=False, encoding="utf-8"
    ) as stream:
        stream.write(f"process-runner {version('process-runner')}, Python {platform.python_version()}\n")
        stream.write(f"{' '.join(sys.argv[:2])}\n\n{trace}")
    return stream.name


@contextmanager
def defects_told(project: Project) -> Iterator[None]:
    """Whatever is raised inside and nobody meant to raise is a defect that shows none of the project's secrets."""
    from connector_sdk import ConnectorError
    from process_runner.console.errors import UsageError
    from process_runner.language.defect import LoadDefect
    from process_runner.language.place import InvalidProject
    from process_runner.redaction import Redaction

    try:
        yield
    except (BrokenPipeError, ConnectorError, InvalidProject, LoadDefect, UsageError):
        raise
    except Exception as error:  # noqa: BLE001  # a defect of the runner or a plugin may quote any value
        raise LoadDefect(error, Redaction(project.secrets)) from None
