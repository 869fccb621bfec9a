"""Settings of a component that expressions replace for each document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from connector_sdk import DocumentError, Settings
from connector_sdk.settings import SettingsError, overridden
from process_runner.expressions import Scope, Template, text_of
from process_runner.language.inlining import whole_schema_of

Component = TypeVar("Component", bound=Settings)


class Overrides(Generic[Component]):
    """Expressions by the name of the setting, as YAML writes it; `what` they are is told in errors, with `code`."""

    def __init__(self, component: Component, expressions: Mapping[str, Template], what: str, code: str) -> None:
        self._component = component
        self._expressions = expressions
        self._what = what
        self._code = code
        self._schemas = whole_schema_of(type(component)).get("properties", {})

    def values(self, scope: Scope) -> dict[str, Any]:
        """What the scope's document puts in, in the form that YAML would give it."""
        return {
            name: _fitting(expression.value(scope), self._schemas.get(name, {}))
            for name, expression in self._expressions.items()
        }

    def applied(self, values: Mapping[str, Any]) -> Component:
        """The component with these values; DocumentError where they do not fit."""
        try:
            return overridden(self._component, values)
        except SettingsError as error:
            first = error.faults[0]
            where = ".".join(map(str, first.path)) or ", ".join(values)
            raise DocumentError(f"{self._what} {where}: {first.text}", self._code) from error


def _fitting(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value, as a text where the setting takes nothing else."""
    kinds = {form.get("type") for form in schema.get("anyOf", [schema])}
    return text_of(value) if kinds <= {"string", "null"} and isinstance(value, bool | int | float) else value
