"""Insert: new rows from documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from connector_sdk import BatchOperation, Request, Result
from connectors.database import table_options
from connectors.database.call import Call
from connectors.database.table_options import TableOptions
from connectors.database.tracked import CHANGED

if TYPE_CHECKING:
    from connectors.database.sql.database import Database


class Insert(TableOptions, BatchOperation["Database"]):
    """Add the rows of documents to a table; a document is added whole or not at all.

    The answer says how many rows there were, as JSON.
    """

    action = "insert"
    sets = CHANGED
    permissions = ("INSERT",)

    returning: tuple[str, ...] = table_options.returning()

    def execute_batch(self, client: Database, requests: Iterable[Request]) -> Iterator[Result]:
        from connectors.database.sql import statements
        from connectors.database.sql.change import Manner
        from connectors.database.sql.changing import changed

        call = Call("insert", client.runtime, self.table)
        manner = Manner(required=True, returning=self.returning)
        return changed(client, call, self, lambda _: (statements.insert, manner), requests)
