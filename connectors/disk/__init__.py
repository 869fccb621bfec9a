"""The disk connector: files under one base folder."""

from __future__ import annotations

from connector_sdk import Connector, Modules, hookimpl
from connectors.disk.connection import DiskConnection
from connectors.disk.found import TRACKED

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="disk",
    label="Disk",
    connection=DiskConnection,
    operations=Modules("connectors.disk.operations", "query", "get", "create", "list", "move", "delete"),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The disk connector."""
    return (CONNECTOR,)
