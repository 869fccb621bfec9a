"""Batches: documents that are committed together, of which one that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from connector_sdk import ApplicationError, Document, DocumentError, Request, Result
from connectors.database.call import Call
from connectors.database.table_options import Batched

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from connectors.database.sql.database import Database

LARGE = 1 << 20
"""Bytes of a document that is a batch of its own, read while it is sent."""


@dataclass(eq=False)
class Job:
    """A document under way: what it came to, or why it failed."""

    request: Request
    rows: list[Any] | None = None
    count: int = 0
    returned: list[Any] = field(default_factory=list)
    error: DocumentError | None = None

    @property
    def is_large(self) -> bool:
        """Whether its rows are not held in memory."""
        return self.request.document.payload.size > LARGE


class Change(Protocol):
    """What an action does with documents."""

    def prepare(self, job: Job) -> None:
        """Read what can be read before a transaction begins; DocumentError fails the document."""

    def apply(self, connection: Connection, jobs: list[Job]) -> None:
        """Do it, for all of these or for none."""

    def answer(self, job: Job) -> list[Document]:
        """The documents that travel on."""


def served(
    database: Database, call: Call, options: Batched, change: Change, requests: Iterable[Request]
) -> Iterator[Result]:
    """One result for each request, given after the commit that it depends on."""
    serving = _Serving(database, call, change)
    if options.transaction == "step":
        yield from serving.all_or_none([Job(each) for each in requests], options.batch)
        return
    size = 1 if options.transaction == "document" else options.batch
    for jobs in groups((Job(each) for each in requests), size):
        call.runtime.check()
        serving.together(jobs)
        yield from (serving.result(job) for job in jobs)


def groups(jobs: Iterable[Job], size: int) -> Iterator[list[Job]]:
    """Consecutive jobs, `size` of them at most and together no larger than a large one, which stands alone."""
    group: list[Job] = []
    held = 0
    for job in jobs:
        if group and (held + job.request.document.payload.size > LARGE or len(group) == size):
            yield group
            group, held = [], 0
        group.append(job)
        held += job.request.document.payload.size
    if group:
        yield group


class _Serving:
    """One change, document after document."""

    def __init__(self, database: Database, call: Call, change: Change) -> None:
        self._database = database
        self._call = call
        self._change = change
        self._expected: tuple[type[Exception], ...] = (DocumentError, *database.errors)

    def result(self, job: Job) -> Result:
        if job.error:
            return Result(job.request, error=job.error)
        return Result(job.request, self._change.answer(job))

    def together(self, jobs: list[Job]) -> None:
        """Commit these in one transaction; where the database refuses only then, each half in its own."""
        ready = [job for job in jobs if self._is_ready(job)]
        if not ready:
            return
        try:
            self._database.run(self._call, lambda connection: self._applied(connection, ready))
        except DocumentError as error:
            good = [job for job in ready if job.error is None]
            if len(good) < 2 or not isinstance(error, ApplicationError):
                _fail(good, error)
                return
            middle = len(good) // 2
            self.together(good[:middle])
            self.together(good[middle:])

    def all_or_none(self, jobs: list[Job], size: int) -> Iterator[Result]:
        """Commit all in one transaction; if one fails, so do the others."""
        if jobs:
            try:
                self._database.run(self._call, lambda connection: self._all_applied(connection, jobs, size))
            except DocumentError as error:
                _fail(jobs, error)
        yield from (self.result(job) for job in jobs)

    def _all_applied(self, connection: Connection, jobs: list[Job], size: int) -> None:
        for group in groups(jobs, size):
            ready = [job for job in group if self._is_ready(job)]
            self._applied(connection, ready)
            if bad := next((job for job in group if job.error), None):
                raise _undone(bad)
            for job in group:
                job.rows = None

    def _applied(self, connection: Connection, jobs: list[Job]) -> None:
        """Apply these inside the transaction; a half that fails is undone and divided until one document is left."""
        self._call.runtime.check()
        if not jobs:
            return
        for job in jobs:
            job.count, job.returned, job.error = 0, [], None
        savepoint = connection.begin_nested()
        try:
            self._change.apply(connection, jobs)
        except self._expected as error:
            refused = self._database.refusal(self._call, error)
            savepoint.rollback()
            if len(jobs) == 1:
                jobs[0].error = refused
                return
            middle = len(jobs) // 2
            self._applied(connection, jobs[:middle])
            self._applied(connection, jobs[middle:])
        else:
            savepoint.commit()

    def _is_ready(self, job: Job) -> bool:
        try:
            if job.rows is None and not job.is_large:
                self._change.prepare(job)
        except DocumentError as error:
            job.error = error
        return job.error is None


def _undone(bad: Job) -> DocumentError:
    reason = f"document {bad.request.document.id} failed, and the step commits all documents or none"
    return DocumentError(f"{reason}: nothing was changed", "RolledBack")


def _fail(jobs: Iterable[Job], error: DocumentError) -> None:
    for job in jobs:
        job.error = job.error or error
