"""connector: runs an operation of a connector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import setting
from process_runner.engine.call import Call
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.language.nodes import Path
from process_runner.language.place import suggestion
from process_runner.language.project import Project


class Connector(Shape):
    """Runs an operation for each document; the documents it returns travel on."""

    whole: ClassVar[str | None] = "call"

    call: Call = setting("The connection and the operation.")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents that the operation returned."""
        return self.call.run(documents, flow)

    def problems(self, project: Project) -> Iterator[tuple[Path, str]]:
        """The call's."""
        yield from call_problems(self.call, project)


def call_problems(call: Call, project: Project) -> Iterator[tuple[Path, str]]:
    """An operation of another connector, unknown parameters and options, missing parameters."""
    connected, operated = project.connections[call.connection], project.operations[call.operation]
    if connected.connector.id != operated.connector.id:
        of = f"operation '{operated.name}' is of connector '{operated.connector.id}'"
        yield ("operation",), f"{of}, connection '{connected.name}' of '{connected.connector.id}'"
        return
    operation = operated.operation
    inputs = [each.name for each in operation.inputs]
    for name in call.parameters.keys() - set(inputs):
        there = suggestion(name, inputs) or "; it takes none"
        yield ("parameters", name), f"operation '{operated.name}' has no input '{name}'{there}"
    for each in operation.inputs:
        if each.required and each.name not in call.parameters:
            yield (), f"operation '{operated.name}' needs the parameter '{each.name}'"
    dynamic = {name for name, field in type(operation).model_fields.items() if _is_dynamic(field.json_schema_extra)}
    for name in call.dynamic.keys() - dynamic:
        there = suggestion(name, dynamic) or "; it has none"
        yield ("dynamic", name), f"'{name}' is no dynamic option of operation '{operated.name}'{there}"


def _is_dynamic(extra: object) -> bool:
    return isinstance(extra, dict) and bool(extra.get("dynamic"))
