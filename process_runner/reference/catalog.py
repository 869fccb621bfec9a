"""The catalog: everything that the installed connectors say of themselves, as plain values for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

from connector_sdk import BatchOperation, Connector, Operation
from connector_sdk.hooks import ENTRY_POINTS
from connector_sdk.version import VERSION
from process_runner.plugins import Registry
from process_runner.reference.options import summary


def catalog(registry: Registry) -> dict[str, Any]:
    """What is installed and what could not be loaded; settings are JSON Schemas of draft 2020-12."""
    connectors = sorted(registry.connectors.values(), key=lambda each: each.id)
    return {
        "sdk": VERSION,
        "connectors": [_connector(each) for each in connectors],
        "broken": dict(registry.broken),
        "broken_actions": {name: dict(actions) for name, actions in registry.broken_actions.items()},
    }


def _connector(connector: Connector) -> dict[str, Any]:
    return {
        "id": connector.id,
        "label": connector.label,
        "sdk": connector.sdk,
        "package": next(_packages(connector), None),
        "connection": {"summary": summary(connector.connection), "settings": connector.connection.json_schema()},
        "actions": {name: _action(each) for name, each in sorted(connector.actions.items())},
        "tracked": {
            each.name: {"description": each.description, "settable": each.settable} for each in connector.tracked
        },
    }


def _action(operation: type[Operation[Any]]) -> dict[str, Any]:
    return {
        "summary": summary(operation),
        "options": operation.json_schema(),
        "inputs": {
            each.name: {"description": each.description, "required": each.required} for each in operation.inputs
        },
        "reads": list(operation.reads),
        "sets": list(operation.sets),
        "permissions": list(operation.permissions),
        "concurrency": operation.concurrency,
        "batch": issubclass(operation, BatchOperation),
    }


def _packages(connector: Connector) -> Iterator[dict[str, str]]:
    """The distribution that its classes come from."""
    module = connector.connection.__module__
    for point in entry_points(group=ENTRY_POINTS):
        if point.dist and (module == point.module or module.startswith(f"{point.module}.")):
            yield {"name": point.dist.name, "version": point.dist.version}
