"""The database connector: tables and statements of SQL databases."""

from __future__ import annotations

from connector_sdk import Connector, Modules, hookimpl
from connectors.database.connection import DatabaseConnection
from connectors.database.tracked import TRACKED

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="database",
    label="SQL database",
    connection=DatabaseConnection,
    operations=Modules("connectors.database", "query", "insert", "upsert", "update", "delete", "statement"),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The database connector."""
    return (CONNECTOR,)
