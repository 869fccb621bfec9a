"""set_properties: sets document properties, connectors' properties and process properties."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import ClassVar

from connector_sdk import Document, DocumentError, Settings, setting
from process_runner.engine.block import Block
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.property_values import PropertyValues, told_apart
from process_runner.engine.step import Fault, Shape, Simple
from process_runner.expressions import Expression, Scope, Sight, Template, is_text
from process_runner.language.place import suggestion
from process_runner.language.project import Project
from process_runner.redaction import Redaction

PROCESS = "process"


class Value(Settings):
    """A value with options."""

    value: Expression = setting("The value, as text.")
    persist: bool = setting("Keep the value of a process property for the next runs of this process.", False)


class SetProperties(Shape):
    """Sets properties: `NAME` a dynamic document property, `CONNECTOR.NAME` a connector's, `process.NAME` a dynamic
    process property. All values are computed from the document as it came in. A process property with `persist` is kept
    for later runs of the process; the step writes the last value when all its documents are done.
    """

    whole: ClassVar[str | None] = "properties"

    properties: dict[str, Expression | Value] = setting(
        "Values by the name of the property.", min_length=1, schema={"x-properties": True}
    )

    @property
    def persists(self) -> bool:
        """Whether a value outlives the run."""
        return any(_is_kept(written) for written in self.properties.values())

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents with the properties set."""
        keep = _Keep(flow.execution.redaction) if self.persists else None
        result = flow.each(documents, partial(self._set_and_share, keep))
        if keep and keep.values:
            facts = flow.execution.facts
            facts.store().persist(facts.process, keep.values)
        return result

    def simple(self) -> Simple | None:
        """Setting properties of the document alone."""
        *_, shared = self._values.groups
        has_effects = shared.fixed or any(each.has_effects for each in self._values.expressions)
        if has_effects:
            return None
        return Simple(self._set, self._set_all if all(each.has_column for each in self._values.expressions) else None)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Names with a prefix that is no connector, and connectors' properties that cannot be set."""
        for name, written in self.properties.items():
            if problem := _problem(name, project):
                yield Fault((name,), problem, at_key=True)
            elif isinstance(written, Value) and written.persist and not name.startswith(f"{PROCESS}."):
                text = f"a document property ends with its document; 'process.{name}' can be persisted"
                yield Fault((name, "persist"), text, at_key=True)

    def _set(self, scope: Scope) -> Document:
        return self._with(scope.document, [expression.text(scope) for expression in self._values.expressions])

    def _set_all(self, sight: Sight) -> Block:
        computed = [expression.column(sight) for expression in self._values.expressions]
        properties, tracked, _ = self._values.groups
        block = sight.block
        return block.replace(
            properties=block.properties.over(properties.columns(computed)),
            tracked=block.tracked.over(tracked.columns(computed)),
        )

    def _set_and_share(self, keep: _Keep | None, scope: Scope) -> Document:
        computed = [expression.text(scope) for expression in self._values.expressions]
        shared = self._values.groups[2].over({}, computed)
        if keep:
            keep.put({name: text for name, text in shared.items() if _is_kept(self.properties[f"{PROCESS}.{name}"])})
        scope.facts.process_properties.update(shared)
        return self._with(scope.document, computed)

    def _with(self, document: Document, computed: list[str]) -> Document:
        properties, tracked, _ = self._values.groups
        return Document(
            document.payload,
            properties.over(document.properties, computed) if properties.fixed else document.properties,
            tracked.over(document.tracked, computed) if tracked.fixed else document.tracked,
            document.id,
            document.origins,
        )

    @cached_property
    def _values(self) -> PropertyValues:
        return told_apart(("properties", "tracked", PROCESS), map(_placed, self.properties, self.properties.values()))


class _Keep:
    """The values that a step leaves in the store, the last one of each property."""

    def __init__(self, redact: Redaction) -> None:
        self.values: dict[str, str] = {}
        self._redact = redact

    def put(self, values: dict[str, str]) -> None:
        for name, text in values.items():
            if not is_text(text):
                reason = "its value holds half a character, which the store cannot keep"
                raise DocumentError(f"process.{name} cannot be persisted: {reason}", "NotText")
            if self._redact(text) != text:
                reason = "its value holds a secret, and the store keeps none"
                raise DocumentError(f"process.{name} cannot be persisted: {reason}", "SecretNotKept")
        self.values.update(values)


def _placed(name: str, written: Expression | Value) -> tuple[str, str, Template]:
    expression = written.value if isinstance(written, Value) else written
    prefix, dot, rest = name.partition(".")
    if prefix == PROCESS and dot:
        return PROCESS, rest, expression
    return "tracked" if dot else "properties", name, expression


def _is_kept(written: Expression | Value) -> bool:
    return isinstance(written, Value) and written.persist


def _problem(name: str, project: Project) -> str | None:
    connectors = project.registry.connectors
    prefix, dot, rest = name.partition(".")
    if not dot:
        # an ordinary name is no plugin's either, and asking for it would load every plugin to find that out
        reserved = (name in project.registry.names and name in connectors) or name in ("meta", "error")
        return f"'{name}' is the prefix of other properties; choose another name" if reserved else None
    if prefix == PROCESS:
        return None if rest else "a process property needs a name after 'process.'"
    if prefix not in connectors:
        return f"no connector '{prefix}' for property '{name}'" + suggestion(prefix, [*connectors, PROCESS])
    settable = {f"{prefix}.{each.name}" for each in connectors[prefix].tracked if each.settable}
    if name in settable:
        return None
    read_only = any(each.name == rest for each in connectors[prefix].tracked)
    return f"property '{name}' {'cannot be set' if read_only else 'is unknown'}" + suggestion(name, settable)
