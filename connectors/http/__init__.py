"""The HTTP connector: any API over HTTP, fetched from page by page and sent to once."""

from __future__ import annotations

from connector_sdk import Connector, hookimpl
from connectors.http.connection import HttpConnection
from connectors.http.fetched import TRACKED
from connectors.http.get import Get
from connectors.http.send import Send

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="http", label="HTTP Client", connection=HttpConnection, operations=(Get, Send), tracked=TRACKED
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The HTTP connector."""
    return (CONNECTOR,)
