"""The clients of an execution: opened when first needed, shared by all its steps, closed at its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from connector_sdk import ConfigError, ConnectorError, DocumentError, ProcessError
from connector_sdk.runtime import LocalRuntime
from process_runner.components.dynamic_clients import DynamicClients
from process_runner.components.dynamic_connection import CODE, Variant
from process_runner.engine.walker import Halted, StopProcess
from process_runner.language.project import Connected, Project

log = logging.getLogger("process_runner")


class PluginDefect(ProcessError):
    """A plugin raised what no plugin should; the cause is the original exception."""


class blaming:  # noqa: N801  # used as the context manager that it is, around every call of a plugin
    """Turns an unexpected exception into a PluginDefect that names the culprit."""

    __slots__ = ("_culprit",)

    def __init__(self, culprit: str) -> None:
        self._culprit = culprit

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception | SystemExit) and not isinstance(error, ConnectorError | StopProcess | Halted):
            raise PluginDefect(f"{self._culprit} raised {type(error).__name__}: {error}", "Defect") from error


class Clients:
    """One client for each connection, and some for the variants that documents ask for."""

    def __init__(self, project: Project, runtime: LocalRuntime) -> None:
        self._project = project
        self._runtime = runtime
        self._open: dict[str, tuple[Connected, Any]] = {}
        self._lock = threading.Lock()
        self._dynamic = DynamicClients(self._opened_variant, _closed)

    def get(self, name: str) -> Any:
        """The client of the connection called `name`; ProcessError if it cannot be opened."""
        with self._lock:
            if name not in self._open:
                component = self._project.connections[name]
                self._open[name] = (component, self._opened(component))
            return self._open[name][1]

    @contextmanager
    def lent(self, name: str, variant: Variant | None) -> Iterator[Any]:
        """The client of a connection, or of a variant of it; DocumentError where the variant's values cannot work."""
        if variant is None:
            yield self.get(name)
            return
        with self._dynamic.lent(variant) as client:
            yield client

    def close(self) -> None:
        """Close every client, also when one of them cannot be closed."""
        self._dynamic.close()
        for component, client in self._open.values():
            _closed(component, client)
        self._open.clear()

    def _opened(self, component: Connected) -> Any:
        with blaming(f"connector '{component.connector.id}', opening connection '{component.name}',"):
            try:
                return component.connection.open(self._runtime)
            except ConfigError as error:
                raise ProcessError(f"connection '{component.name}': {error.named}", "ConfigError") from error

    def _opened_variant(self, component: Connected) -> Any:
        try:
            return self._opened(component)
        except ProcessError as error:
            if not isinstance(error.__cause__, ConfigError):
                raise
            raise DocumentError(str(error), CODE) from error  # the document brought the setting that is wrong


def _closed(component: Connected, client: Any) -> None:
    try:
        component.connection.close(client)
    except (Exception, SystemExit):  # the work is done; a client that will not close must not undo the report
        log.warning("connection %s could not be closed", component.name, exc_info=True)
