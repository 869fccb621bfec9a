"""Using one connection outside of a process."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from connector_sdk import ConfigError, ConnectorError
from connector_sdk.runtime import LocalRuntime
from process_runner import log as logs
from process_runner.console.crash import write_crash_log
from process_runner.console.errors import DEFECT, UsageError
from process_runner.console.loading import loaded
from process_runner.engine.clients import PluginDefect, blaming
from process_runner.language.place import suggestion
from process_runner.language.project import Connected, Project
from process_runner.redaction import Redaction

Use: TypeAlias = Callable[[Connected, LocalRuntime, Callable[[str], None]], bool]
"""What is done with a connection: it tells lines and says whether all was well."""


def using(given: argparse.Namespace, use: Use) -> int:
    """Use the connection `given.connection`; the exit code. What is told goes to stdout, redacted, line by line."""
    with tempfile.TemporaryDirectory(prefix="process-runner-") as folder, loaded(given) as project:
        component = _connection(project, given.connection)
        redact = Redaction(project.secrets)
        logs.configure("text", redact)
        try:
            with blaming(f"connector '{component.connector.id}'"):
                well = use(component, LocalRuntime(Path(folder)), lambda line: print(redact(line)))
        except PluginDefect as error:
            trace = write_crash_log(redact("".join(traceback.format_exception(error))))
            print(redact(f"{component.name}: {error}; the details are in {trace}"), file=sys.stderr)
            return DEFECT
        except ConnectorError as error:
            told = error.named if isinstance(error, ConfigError) else str(error)
            print(redact(f"{component.name}: {told}"), file=sys.stderr)
            return 1
    return 0 if well else 1


@contextmanager
def opened(component: Connected, runtime: LocalRuntime) -> Iterator[Any]:
    """A client of the connection, closed at the end."""
    client = component.connection.open(runtime)
    try:
        yield client
    finally:
        component.connection.close(client)


def _connection(project: Project, name: str) -> Connected:
    if name not in project.connections:
        there = suggestion(name, project.connections)
        raise UsageError(f"no connection '{name}' in the project{there}")
    return project.connections[name]
