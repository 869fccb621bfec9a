"""The SFTP connector: files below one folder of a server that speaks SSH."""

from __future__ import annotations

from connector_sdk import Connector, Modules, hookimpl
from connectors.sftp.connection import SftpConnection
from connectors.sftp.found import TRACKED

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="sftp",
    label="SFTP",
    connection=SftpConnection,
    operations=Modules("connectors.sftp", "query", "get", "create", "list", "move", "delete"),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The SFTP connector."""
    return (CONNECTOR,)
