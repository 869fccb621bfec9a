"""Settings of a component that expressions replace for each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from connector_sdk import DocumentError, Settings
from connector_sdk.settings import SettingsError, fields, holds_secret, overridden
from process_runner.expressions import Scope, Template, text_of
from process_runner.language.inlining import whole_schema_of
from process_runner.language.secrecy import secrets
from process_runner.redaction import Redaction

Component = TypeVar("Component", bound=Settings)


class Words(NamedTuple):
    """How it is told that values do not fit: what they are, and a short word for machines."""

    what: str
    code: str


class Overrides(Generic[Component]):
    """Expressions by the name of the setting, as YAML writes it. What they bring to a secret setting is not shown."""

    def __init__(
        self, component: Component, expressions: Mapping[str, Template], words: Words, redaction: Redaction
    ) -> None:
        self._component = component
        self._expressions = expressions
        self._words = words
        self._redaction = redaction
        self._schemas = whole_schema_of(type(component)).get("properties", {})
        self._hides = any(holds_secret(self._schemas.get(name)) for name in expressions)

    def values(self, scope: Scope) -> dict[str, Any]:
        """What the scope's document puts in, in the form that YAML would give it."""
        values = {
            name: _fitting(expression.value(scope), self._schemas.get(name, {}))
            for name, expression in self._expressions.items()
        }
        if self._hides:
            self._redaction.add(each.text for each in secrets(type(self._component), values))
        return values

    def applied(self, values: Mapping[str, Any]) -> Component:
        """The component with these values; DocumentError where they do not fit."""
        try:
            return overridden(self._component, values)
        except SettingsError as error:
            first = error.faults[0]
            where = ".".join(map(str, first.path)) or ", ".join(values)
            raise DocumentError(f"{self._words.what} {where}: {first.text}", self._words.code) from error


def misfits(kind: type[Settings], expressions: Mapping[str, Template]) -> Iterator[tuple[str, str]]:
    """The names of what is the same for each document and never fits, with the reason."""
    schemas = whole_schema_of(kind).get("properties", {})
    for field in fields(kind).values():
        template = expressions.get(field.key)
        if template is not None and template.constant:
            try:
                field.made(_fitting(template.source, schemas.get(field.key, {})), None)
            except SettingsError as error:
                yield field.key, error.faults[0].text


def _fitting(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value, as a text where the setting takes nothing else."""
    kinds = {form.get("type") for form in schema.get("anyOf", [schema])}
    return text_of(value) if kinds <= {"string", "null"} and isinstance(value, bool | int | float) else value
