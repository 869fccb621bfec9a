"""The database connector: tables and statements of SQL databases."""

from __future__ import annotations

from connector_sdk import Connector, hookimpl
from connectors.database.connection import DatabaseConnection
from connectors.database.delete import Delete
from connectors.database.insert import Insert
from connectors.database.query import Query
from connectors.database.statement import Statement
from connectors.database.tracked import TRACKED
from connectors.database.update import Update
from connectors.database.upsert import Upsert

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="database",
    label="SQL database",
    connection=DatabaseConnection,
    operations=(Query, Insert, Upsert, Update, Delete, Statement),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The database connector."""
    return (CONNECTOR,)
