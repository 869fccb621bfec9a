"""Statement: any SQL, once for each document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from connector_sdk import BatchOperation, Document, Request, Result
from connectors.database import batches, table_options, written
from connectors.database.batches import Job
from connectors.database.call import Call
from connectors.database.named import NamedInputs
from connectors.database.statement_options import StatementOptions, bound
from connectors.database.table_options import Together

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from connectors.database.sql.database import Database


class Statement(StatementOptions, BatchOperation["Database"]):
    """Run one statement for each document: a change, a call of a procedure, a definition.

    Rows that it gives back, such as those of RETURNING, travel on as JSON documents; without any, the answer says how
    many rows were changed.
    """

    action = "statement"
    inputs: ClassVar[Any] = NamedInputs()
    sets = ("row_count",)

    transaction: Together = table_options.transaction("document")
    batch: int = table_options.batch()

    def execute_batch(self, client: Database, requests: Iterable[Request]) -> Iterator[Result]:
        return batches.served(client, Call("statement", client.runtime), self, _Run(client, self), requests)


class _Run:
    """The statement, filled by documents."""

    def __init__(self, client: Database, options: Statement) -> None:
        self._client = client
        self._options = options
        self._call = Call("statement", client.runtime)

    def prepare(self, job: Job) -> None:
        """Find the values."""
        job.rows = [self._client.bindable(bound(self._options, job.request))]

    def apply(self, connection: Connection, jobs: list[Job]) -> None:
        """Run it for each."""
        for job in jobs:
            if job.rows is None:  # a large document
                self.prepare(job)
            values = (job.rows or [{}])[0]
            job.count, job.returned = self._client.execute(connection, self._call, self._options.sql, values)

    def answer(self, job: Job) -> list[Document]:
        """The rows, or how many were changed."""
        contents = job.returned or [{"row_count": job.count}]
        return [job.request.output(written.json_text(each), row_count=job.count) for each in contents]
