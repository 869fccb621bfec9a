"""A connector call used as a value: `call('connection', 'operation', id=...)` in an expression."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector_sdk import BatchOperation, Document, DocumentError, Request
from connector_sdk.contract import documents_of, results_of
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.clients import Clients, blaming
from process_runner.expressions import missing, text_of
from process_runner.expressions.content import text
from process_runner.language.place import suggestion
from process_runner.language.project import Operated, Project


class ValueCall:
    """Runs an operation for a document and gives the content of the first document it returns.

    A JSON object or array is given as such, so that `call(...).name` reads it; anything else is a text.
    """

    def __init__(self, project: Project, clients: Clients, runtime: LocalRuntime) -> None:
        self._project = project
        self._clients = clients
        self._runtime = runtime

    def __call__(self, document: Document, connection: str, operation: str, inputs: Mapping[str, Any]) -> Any:
        component = self._component(connection, operation, inputs)
        texts = {name: text_of(value) for name, value in inputs.items()}
        settable = frozenset(component.operation.sets)
        request = Request(document, component.connector.id, self._runtime, texts, settable)
        self._runtime.check()
        with blaming(f"connector '{component.connector.id}', operation '{component.operation.action}',"):
            first = next(_answers(component, self._clients.get(connection), request), None)
        if first is None:
            return missing(f"call('{connection}', '{operation}') returned no document")
        return _value(text(first))

    def _component(self, connection: str, operation: str, inputs: Mapping[str, Any]) -> Operated:
        for name, kind, known in (
            (connection, "connection", self._project.connections),
            (operation, "operation", self._project.operations),
        ):
            if name not in known:
                raise DocumentError(f"call() knows no {kind} '{name}'" + suggestion(name, known), "UnknownName")
        connected, operated = self._project.connections[connection], self._project.operations[operation]
        if connected.connector.id != operated.connector.id:
            kinds = f"'{operated.connector.id}', connection '{connection}' of '{connected.connector.id}'"
            raise DocumentError(f"operation '{operation}' is of connector {kinds}", "UnknownName")
        names = [each.name for each in operated.operation.inputs]
        if unknown := sorted(inputs.keys() - set(names)):
            there = suggestion(unknown[0], names) or "; it takes none"
            raise DocumentError(f"operation '{operation}' has no input '{unknown[0]}'{there}", "UnknownName")
        return operated


def _answers(component: Operated, client: Any, request: Request) -> Iterator[Document]:
    operation = component.operation
    if not isinstance(operation, BatchOperation):
        yield from documents_of(operation, client, request)
        return
    for result in results_of(operation, client, [request]):
        if result.error:
            raise result.error
        yield from result.documents


def _value(written: str) -> Any:
    if written.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(written)
        except (ValueError, RecursionError):
            return written
    return written
