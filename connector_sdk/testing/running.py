"""Runs an operation on documents without a process around it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connector_sdk.component import BatchOperation, Connection, Connector, Operation
from connector_sdk.contract import documents_of, results_of
from connector_sdk.document import Document
from connector_sdk.errors import DocumentError
from connector_sdk.request import Request, Runtime
from connector_sdk.results import Result
from connector_sdk.runtime import LocalRuntime


@contextmanager
def runtime() -> Iterator[LocalRuntime]:
    """A runtime with a temporary folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield LocalRuntime(Path(folder))


def run(
    connector: Connector,
    connection: Mapping[str, Any],
    operation: Mapping[str, Any],
    documents: Iterable[Document],
    parameters: Mapping[str, str] | None = None,
    *,
    within: Runtime,
) -> list[Result]:
    """Open a client, serve every document, close the client; one Result a document, with its documents in a list.

    `connection` and `operation` are settings as YAML writes them; `operation` names its `action` among them.
    """
    options = {name: value for name, value in operation.items() if name != "action"}
    served = connector.actions[operation["action"]].load(options)
    configured: Connection[Any] = connector.connection.load(connection)
    client = configured.open(within)
    try:
        requests = [
            Request(document, connector.id, within, parameters or {}, frozenset(served.sets)) for document in documents
        ]
        return _serve(served, client, requests)
    finally:
        configured.close(client)


def _serve(operation: Operation[Any], client: Any, requests: list[Request]) -> list[Result]:
    if isinstance(operation, BatchOperation):
        results = results_of(operation, client, requests)
        return [Result(each.request, list(each.documents), each.error) for each in results]
    return [_serve_one(operation, client, request) for request in requests]


def _serve_one(operation: Operation[Any], client: Any, request: Request) -> Result:
    try:
        return Result(request, list(documents_of(operation, client, request)))
    except DocumentError as error:
        return Result(request, error=error)
