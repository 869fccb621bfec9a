"""The disk connector: files under one base folder."""

from __future__ import annotations

from connector_sdk import Connector, hookimpl
from connectors.disk.connection import DiskConnection
from connectors.disk.create import Create
from connectors.disk.delete import Delete
from connectors.disk.found import TRACKED
from connectors.disk.get import Get
from connectors.disk.list import List
from connectors.disk.move import Move
from connectors.disk.query import Query

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="disk",
    label="Disk",
    connection=DiskConnection,
    operations=(Query, Get, Create, List, Move, Delete),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The disk connector."""
    return (CONNECTOR,)
