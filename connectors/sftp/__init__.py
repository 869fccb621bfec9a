"""The SFTP connector: files below one folder of a server that speaks SSH."""

from __future__ import annotations

from connector_sdk import Connector, hookimpl
from connectors.sftp.connection import SftpConnection
from connectors.sftp.create import Create
from connectors.sftp.delete import Delete
from connectors.sftp.found import TRACKED
from connectors.sftp.get import Get
from connectors.sftp.list import List
from connectors.sftp.move import Move
from connectors.sftp.query import Query

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="sftp",
    label="SFTP",
    connection=SftpConnection,
    operations=(Query, Get, Create, List, Move, Delete),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The SFTP connector."""
    return (CONNECTOR,)
