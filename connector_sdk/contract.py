"""What an operation gives, held to the contract: who breaks it is told what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from connector_sdk.document import Document
from connector_sdk.errors import ContractError
from connector_sdk.outputs import Outputs
from connector_sdk.results import Result

if TYPE_CHECKING:
    from connector_sdk.component import BatchOperation, Operation
    from connector_sdk.request import Request

YIELD = "yield what request.output(...) makes, or return a list of it"
NO_SERIES = (Document, Result, str, bytes, dict)
"""What can be iterated over, or looks like it, and is no series of documents."""
ANSWERS = (Document, Outputs)
RESULT = "yield one Result(request, documents) for each request"


def documents_of(operation: Operation[Any], client: Any, request: Request) -> Iterator[Document]:
    """The documents that an operation gives for a request; ContractError where it gives something else."""
    return _documents(operation.execute(client, request), _who(operation, request))


def answers_of(operation: Operation[Any], client: Any, request: Request) -> Iterator[Document | Outputs]:
    """The same as it was given: one by one, or many at once."""
    return _checked(operation.execute(client, request), _who(operation, request))


def results_of(operation: BatchOperation[Any], client: Any, requests: Iterable[Request]) -> Iterator[Result]:
    """The results that a batch operation gives; ContractError where it gives something else."""
    who = f"operation '{operation.action}': execute_batch()"
    given: Any = operation.execute_batch(client, requests)
    if not isinstance(given, Iterable) or isinstance(given, Result):
        raise ContractError(f"{who} returned {shown(given)}; {RESULT}")
    for each in given:
        if not isinstance(each, Result):
            raise ContractError(f"{who} gave {shown(each)}; {RESULT}")
        yield each if each.error else Result(each.request, _documents(each.documents, lambda: f"{who} in a Result"))


def shown(value: Any) -> str:
    """What kind of thing a value is; never the value, which may be a secret."""
    return "nothing" if value is None else f"a value of type {type(value).__name__}"


def _who(operation: Operation[Any], request: Request) -> Callable[[], str]:
    return lambda: f"connector '{request.connector}', operation '{operation.action}': execute()"


def _documents(given: Any, who: Callable[[], str]) -> Iterator[Document]:
    return _one_by_one(_checked(given, who))


def _one_by_one(given: Iterator[Document | Outputs]) -> Iterator[Document]:
    for each in given:
        if isinstance(each, Outputs):
            yield from each
        else:
            yield each


def _checked(given: Any, who: Callable[[], str]) -> Iterator[Document | Outputs]:
    if isinstance(given, NO_SERIES) or not isinstance(given, Iterable):
        raise ContractError(f"{who()} returned {shown(given)}; {YIELD}")
    return _each((given,) if isinstance(given, Outputs) else given, who)


def _each(given: Iterable[Any], who: Callable[[], str]) -> Iterator[Document | Outputs]:
    for each in given:
        if not isinstance(each, ANSWERS):
            raise ContractError(f"{who()} gave {shown(each)}; {YIELD}")
        yield each
