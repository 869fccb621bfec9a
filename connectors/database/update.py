"""Update: rows that are there get new values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from connector_sdk import BatchOperation, Request, Result
from connectors.database import table_options
from connectors.database.call import Call
from connectors.database.table_options import TableOptions, chosen_keys
from connectors.database.tracked import CHANGED

if TYPE_CHECKING:
    from connectors.database.sql.database import Database
    from connectors.database.sql.tables import Table


class Update(TableOptions, BatchOperation["Database"]):
    """Change the rows that the keys in a document's rows name; the other fields are their new values."""

    action = "update"
    sets = CHANGED
    permissions = ("UPDATE", "SELECT")

    keys: tuple[str, ...] = table_options.keys()
    if_missing: table_options.IfMissing = table_options.if_missing("fail")

    def execute_batch(self, client: Database, requests: Iterable[Request]) -> Iterator[Result]:
        from connectors.database.sql.changing import changed

        return changed(client, Call("update", client.runtime, self.table), self, self._plan, requests)

    def _plan(self, table: Table) -> Any:
        from connectors.database.sql import statements
        from connectors.database.sql.change import Manner

        keys = chosen_keys(self.keys, table)
        return statements.update(keys), Manner(keys=keys, exact=True, found=self.if_missing == "fail")
