"""Dynamic connections: settings of a connection that a step overrides for each document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from process_runner.components.overrides import Overrides, Words
from process_runner.expressions import Scope, Template
from process_runner.language.project import Connected
from process_runner.redaction import Redaction

CODE = "InvalidConnection"
REMEMBERED = 1_000
"""Distinct sets of values whose connection is not made anew."""


class Variant(NamedTuple):
    """A connection with values of a document's own; `key` tells distinct sets of values apart."""

    key: str
    component: Connected


class DynamicConnection:
    """What one step overrides of its connection; nothing where another one stands in for it."""

    def __init__(self, component: Connected, expressions: Mapping[str, Template], redaction: Redaction) -> None:
        self._component = component
        words = Words(f"connection '{component.name}', dynamic", CODE)
        self._overrides = Overrides(component.connection, expressions, words, redaction)
        self._made: dict[str, Variant | None] = {}

    def variant(self, scope: Scope) -> Variant | None:
        """The connection for the scope's document; DocumentError where its values cannot be had or do not fit."""
        values = self._overrides.values(scope)
        key = json.dumps([self._component.name, values], sort_keys=True, default=repr)
        if key not in self._made:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            self._made[key] = self._variant(key, values)
        return self._made[key]

    def _variant(self, key: str, values: Mapping[str, Any]) -> Variant | None:
        component = self._component
        if component.replaced:
            return None
        return Variant(key, component._replace(connection=self._overrides.applied(values)))
