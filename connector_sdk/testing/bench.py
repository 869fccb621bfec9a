"""Serves documents as the engine does, and keeps whatever comes of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connector_sdk.component import BatchOperation, Connection, Operation
from connector_sdk.contract import documents_of, results_of
from connector_sdk.document import Document
from connector_sdk.errors import ContractError
from connector_sdk.payload import payload
from connector_sdk.request import Request
from connector_sdk.runtime import LocalRuntime
from connector_sdk.testing.case import Case, Content, Sample, Subject, sample
from connector_sdk.testing.running import runtime

MARK = {"kit mark": "stays"}
"""A property of the process's own, which every document carries."""

NO_RESULT = ContractError("a document got no result; give one for each request")


@dataclass(frozen=True)
class Outcome:
    """What came of a request: documents, or whatever was raised."""

    request: Request
    documents: tuple[Document, ...] = ()
    error: Exception | None = None

    def facts(self, case: Case) -> object:
        """What is the same each time."""
        if self.error:
            return type(self.error), getattr(self.error, "code", "")
        return [self._document(each, case) for each in self.documents]

    def _document(self, document: Document, case: Case) -> object:
        prefix = f"{self.request.connector}."
        tracked = {key: value for key, value in document.tracked.items() if key.removeprefix(prefix) not in case.varies}
        return None if "content" in case.varies else document.payload.read(), dict(document.properties), tracked


class Bench:
    """One world, one runtime, one open client."""

    def __init__(self, subject: Subject, connection: Connection[Any], client: Any, within: LocalRuntime) -> None:
        self.subject = subject
        self.connection = connection
        self.client = client
        self.runtime = within

    def serve(self, case: Case, *samples: Content) -> list[Outcome]:
        """The outcome of each document in order, served one after another, or together by a batch operation."""
        operation = operation_of(self.subject, case)
        requests = [self.request(operation, each) for each in samples]
        found = {id(outcome.request): outcome for outcome in self.outcomes(operation, requests)}
        return [found.get(id(request), Outcome(request, error=NO_RESULT)) for request in requests]

    def one(self, case: Case, number: int = 1) -> Outcome:
        """The outcome of the case's good document."""
        (outcome,) = self.serve(case, sample(case.good, number))
        return outcome

    def outcomes(self, operation: Operation[Any], requests: Iterable[Request]) -> Iterator[Outcome]:
        """The outcomes of requests."""
        if isinstance(operation, BatchOperation):
            yield from self._batch(operation, list(requests))
            return
        for request in requests:
            try:
                operation.lane(request)
                yield Outcome(request, tuple(documents_of(operation, self.client, request)))
            except Exception as error:  # noqa: BLE001  # the rules say what may be raised
                yield Outcome(request, error=error)

    def request(self, operation: Operation[Any], given: Content) -> Request:
        """A document as an operation gets it."""
        made = sample(given)
        connector = self.subject.connector.id
        tracked = {f"{connector}.{name}": value for name, value in made.tracked.items()}
        document = Document(payload(made.content), {**MARK, **made.properties}, tracked, "1")
        return Request(document, connector, self.runtime, dict(made.inputs), frozenset(operation.sets))

    def _batch(self, operation: BatchOperation[Any], requests: list[Request]) -> Iterator[Outcome]:
        waiting = {id(request): request for request in requests}
        try:
            for result in results_of(operation, self.client, iter(requests)):
                waiting.pop(id(result.request), None)
                yield self._result(result.request, result.documents, result.error)
        except Exception as error:  # noqa: BLE001  # the rules say what may be raised
            yield from (Outcome(request, error=error) for request in waiting.values())

    def _result(self, request: Request, documents: Iterable[Document], error: Exception | None) -> Outcome:
        try:
            return Outcome(request, () if error else tuple(documents), error)
        except Exception as raised:  # noqa: BLE001  # the rules say what may be raised
            return Outcome(request, error=raised)


def operation_of(subject: Subject, case: Case) -> Operation[Any]:
    """The operation of a case."""
    return subject.connector.actions[case.action].load(dict(case.options))


def connection_of(subject: Subject, settings: dict[str, Any]) -> Connection[Any]:
    """The connection with these settings."""
    return subject.connector.connection.load(settings)


@contextmanager
def bench(subject: Subject, settings: dict[str, Any], within: LocalRuntime | None = None) -> Iterator[Bench]:
    """A client in a world that is there already."""
    connection = connection_of(subject, settings)
    with runtime() as own:
        client = connection.open(within or own)
        try:
            yield Bench(subject, connection, client, within or own)
        finally:
            connection.close(client)


@contextmanager
def fresh(subject: Subject) -> Iterator[Bench]:
    """A client in a world of its own."""
    with subject.world() as settings, bench(subject, settings) as made:
        yield made


def good(case: Case, number: int = 1) -> Sample:
    """The case's good document with a number."""
    return sample(case.good, number)
