"""Dynamic connections: settings of a connection that a step overrides for each document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector_sdk import Connection, DocumentError
from connector_sdk.settings import SettingsError
from process_runner.expressions import Scope, Template, text_of
from process_runner.language.inlining import inlined
from process_runner.language.project import Connected
from process_runner.language.schemas import written_secrets
from process_runner.redaction import Redaction

CODE = "InvalidConnection"
REMEMBERED = 1_000
"""Distinct sets of values whose connection is not made anew."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A connection with values of a document's own; `key` tells distinct sets of values apart."""

    key: str
    component: Connected


class DynamicConnection:
    """What one step overrides of its connection; nothing where another one stands in for it."""

    def __init__(self, component: Connected, overrides: Mapping[str, Template], redaction: Redaction) -> None:
        self._component = component
        self._overrides = overrides
        self._redaction = redaction
        self._kind: type[Connection[Any]] = type(component.connection)
        self._schemas = inlined(self._kind.json_schema()).get("properties", {})
        self._fields = {field.alias or name: name for name, field in self._kind.model_fields.items()}
        self._made: dict[str, Variant] = {}

    def variant(self, scope: Scope) -> Variant | None:
        """The connection for the scope's document; DocumentError where its values cannot be had or do not fit."""
        found = {name: each.value(scope) for name, each in self._overrides.items()}
        if self._component.replaced:
            return None
        values = {name: _fitting(value, self._schemas[name]) for name, value in found.items()}
        key = json.dumps([self._component.name, values], sort_keys=True, default=repr)
        if key not in self._made:
            self._redaction.add(written_secrets(self._kind, values))
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            self._made[key] = Variant(key, replace(self._component, connection=self._validated(values)))
        return self._made[key]

    def _validated(self, values: Mapping[str, Any]) -> Connection[Any]:
        connection = self._component.connection
        written = {name: getattr(connection, name) for name in connection.model_fields_set}
        changed = {self._fields[name]: value for name, value in values.items()}
        try:
            return self._kind.model_validate({**written, **changed})
        except SettingsError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or ", ".join(values)
            reason = first["msg"].removeprefix("Value error, ")
            raise DocumentError(f"connection '{self._component.name}', dynamic {where}: {reason}", CODE) from error


def _fitting(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value, as a text where the setting takes nothing else."""
    kinds = {form.get("type") for form in schema.get("anyOf", [schema])}
    return text_of(value) if kinds <= {"string", "null"} and isinstance(value, bool | int | float) else value
