"""connector: runs an operation of a connector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import setting
from connector_sdk.settings import fields
from process_runner.components.overrides import misfits
from process_runner.engine.call import Call
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Fault, Shape
from process_runner.language.inlining import schema_of
from process_runner.language.place import suggestion
from process_runner.language.project import Connected, Project


class Connector(Shape):
    """Runs an operation for each document; the documents it returns travel on."""

    whole: ClassVar[str | None] = "call"

    call: Call = setting("The connection and the operation.")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents that the operation returned."""
        return self.call.run(documents, flow)

    def faults(self, project: Project) -> Iterator[Fault]:
        """The call's."""
        yield from call_faults(self.call, project)


def call_faults(call: Call, project: Project) -> Iterator[Fault]:
    """An operation of another connector, unknown parameters and options, missing parameters."""
    connected, operated = project.connections.get(call.connection), project.operations.get(call.operation)
    if connected is None or operated is None:
        return
    if connected.connector.id != operated.connector.id:
        of = f"operation '{operated.name}' is of connector '{operated.connector.id}'"
        yield Fault(("operation",), f"{of}, connection '{connected.name}' of '{connected.connector.id}'")
        return
    operation = operated.operation
    inputs = [each.name for each in operation.inputs]
    for name in call.parameters.keys() - set(inputs):
        there = suggestion(name, inputs) or "; it takes none"
        yield Fault(("parameters", name), f"operation '{operated.name}' has no input '{name}'{there}", at_key=True)
    for each in operation.inputs:
        if each.required and each.name not in call.parameters:
            yield Fault((), f"operation '{operated.name}' needs the parameter '{each.name}'")
    yield from _connection_faults(call, connected)
    dynamic = {name for name, field in fields(operation).items() if field.is_dynamic}
    for name in call.dynamic.keys() - dynamic:
        there = suggestion(name, dynamic) or "; it has none"
        text = f"'{name}' is no dynamic option of operation '{operated.name}'{there}"
        yield Fault(("dynamic", name), text, at_key=True)
    for name, text in misfits(type(operation), call.dynamic):
        if name in dynamic:
            yield Fault(("dynamic", name), text)


def _connection_faults(call: Call, connected: Connected) -> Iterator[Fault]:
    allowed = connected.keys.allow_dynamic_connection
    known = schema_of(type(connected.connection)).get("properties", {})
    for name in call.dynamic_connection.keys() - set(allowed):
        if name in known:
            text = f"connection '{connected.name}' does not name '{name}' in allow_dynamic_connection"
        else:
            text = f"connection '{connected.name}' has no setting '{name}'" + suggestion(name, allowed or known)
        yield Fault(("dynamic_connection", name), text, at_key=True)
