"""Using one connection outside of a process."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connector_sdk import ConnectorError
from connector_sdk.runtime import LocalRuntime
from process_runner import log as logs
from process_runner.console.crash import write_crash_log
from process_runner.console.errors import DEFECT, UsageError
from process_runner.console.loading import loaded
from process_runner.engine.clients import Clients, PluginDefect, blaming
from process_runner.language.place import suggestion
from process_runner.language.project import Connected
from process_runner.redaction import Redaction


def using(given: argparse.Namespace, action: Callable[[Connected, Any], str]) -> int:
    """Open the connection `given.connection`, print what the action finds, close it; 1 and the reason if that fails."""
    with tempfile.TemporaryDirectory(prefix="process-runner-") as folder, loaded(given) as project:
        if given.connection not in project.connections:
            there = suggestion(given.connection, project.connections)
            raise UsageError(f"no connection '{given.connection}' in the project{there}")
        component = project.connections[given.connection]
        redact = Redaction(project.secrets)
        logs.configure("text", redact)
        clients = Clients(project, LocalRuntime(Path(folder)))
        try:
            with blaming(f"connector '{component.connector.id}'"):
                found = action(component, clients.get(component.name))
            print(redact(found))
        except PluginDefect as error:
            trace = write_crash_log(redact("".join(traceback.format_exception(error))))
            print(redact(f"{component.name}: {error}; the details are in {trace}"), file=sys.stderr)
            return DEFECT
        except ConnectorError as error:
            print(redact(f"{component.name}: {error}"), file=sys.stderr)
            return 1
        finally:
            clients.close()
    return 0
