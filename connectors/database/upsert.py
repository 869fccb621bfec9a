"""Upsert: rows that are made, or changed where they are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from connector_sdk import BatchOperation, Request, Result, setting
from connectors.database import table_options
from connectors.database.call import Call
from connectors.database.table_options import TableOptions, chosen_keys
from connectors.database.tracked import CHANGED

if TYPE_CHECKING:
    from connectors.database.sql.database import Database
    from connectors.database.sql.tables import Table


class Upsert(TableOptions, BatchOperation["Database"]):
    """Add rows, or change those whose keys are there already: done again, it leaves the same behind.

    The database decides in one statement, so that runs at the same time do not get in each other's way. Needs a
    primary key or a unique index over exactly the keys.
    """

    action = "upsert"
    sets = CHANGED
    permissions = ("INSERT", "UPDATE", "SELECT")

    keys: tuple[str, ...] = table_options.keys()
    on_conflict: Literal["update", "ignore", "fail"] = setting(
        "Where a row with these keys is there: set the columns that the document names, leave it as it is, or fail the "
        "document.",
        "update",
        dynamic=True,
    )
    returning: tuple[str, ...] = table_options.returning()

    def execute_batch(self, client: Database, requests: Iterable[Request]) -> Iterator[Result]:
        from connectors.database.sql.changing import changed

        call = Call("upsert", client.runtime, self.table, repeatable=self.on_conflict != "fail")
        return changed(client, call, self, lambda table: self._plan(client.kind, table), requests)

    def _plan(self, kind: str, table: Table) -> Any:
        from connectors.database.sql import statements
        from connectors.database.sql.change import Manner

        keys = chosen_keys(self.keys, table)
        exact = self.on_conflict == "ignore"
        manner = Manner(keys=keys, required=True, exact=exact, returning=self.returning)
        return statements.upsert(kind, keys, self.on_conflict), manner
