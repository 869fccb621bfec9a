"""Changing a table by documents: finds the table, or fails each document where it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from connector_sdk import DocumentError, Request, Result
from connectors.database.batches import served
from connectors.database.call import Call
from connectors.database.sql.change import Manner, TableChange
from connectors.database.sql.database import Database
from connectors.database.sql.statements import Build
from connectors.database.sql.tables import Table
from connectors.database.table_options import TableOptions

Plan: TypeAlias = Callable[[Table], tuple[Build, Manner]]
"""What to send and how, for a table."""


def changed(
    database: Database, call: Call, options: TableOptions, plan: Plan, requests: Iterable[Request]
) -> Iterator[Result]:
    """One result for each request."""
    try:
        table = database.tables.find(call)
        build, manner = plan(table)
        change = TableChange(database.kind, table, options, build, manner)
    except DocumentError as error:
        yield from (Result(request, error=error) for request in requests)
        return
    yield from served(database, call, options, change, requests)
