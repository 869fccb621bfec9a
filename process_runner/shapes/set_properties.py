"""set_properties: sets document properties, connectors' properties and process properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import Document, Settings, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Fault, Shape
from process_runner.expressions import Expression, Scope
from process_runner.language.place import suggestion
from process_runner.language.project import Project

PROCESS = "process"


class Value(Settings):
    """A value with options."""

    value: Expression = setting("The value, as text.")


class SetProperties(Shape):
    """Sets properties: `NAME` a dynamic document property, `CONNECTOR.NAME` a connector's, `process.NAME` a dynamic
    process property. All values are computed from the document as it came in.
    """

    whole: ClassVar[str | None] = "properties"

    properties: dict[str, Expression | Value] = setting("Values by the name of the property.", min_length=1)

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents with the properties set."""
        return flow.each(documents, self._set)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Names with a prefix that is no connector, and connectors' properties that cannot be set."""
        for name in self.properties:
            if problem := _problem(name, project):
                yield Fault((name,), problem, at_key=True)

    def _set(self, scope: Scope) -> Document:
        document = scope.document
        properties, tracked = dict(document.properties), dict(document.tracked)
        shared: dict[str, str] = {}
        for name, written in self.properties.items():
            text = (written.value if isinstance(written, Value) else written).text(scope)
            prefix, dot, rest = name.partition(".")
            if not dot:
                properties[name] = text
            elif prefix == PROCESS:
                shared[rest] = text
            else:
                tracked[name] = text
        scope.facts.process_properties.update(shared)
        return document.replace(properties=properties, tracked=tracked)


def _problem(name: str, project: Project) -> str | None:
    connectors = project.registry.connectors
    prefix, dot, rest = name.partition(".")
    if not dot:
        reserved = name in connectors or name in ("meta", "error")
        return f"'{name}' is the prefix of other properties; choose another name" if reserved else None
    if prefix == PROCESS:
        return None if rest else "a process property needs a name after 'process.'"
    if prefix not in connectors:
        return f"no connector '{prefix}' for property '{name}'" + suggestion(prefix, [*connectors, PROCESS])
    settable = {each.name for each in connectors[prefix].tracked if each.settable}
    if rest in settable:
        return None
    read_only = any(each.name == rest for each in connectors[prefix].tracked)
    return f"property '{name}' {'cannot be set' if read_only else 'is unknown'}" + suggestion(rest, settable)
