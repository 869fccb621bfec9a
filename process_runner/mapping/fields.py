"""Fields: a mapping from names to expressions, nested as the result shall be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed
from process_runner.expressions import Scope, Template

DEEPEST = 8

Fields = Mapping[str, Any]
"""Templates by name, or fields again."""


def values(fields: Fields, scope: Scope) -> dict[str, Any]:
    """The native values for the scope's document; DocumentError names the field that cannot be computed."""
    return {name: _value(name, field, scope) for name, field in fields.items()}


def _value(name: str, field: Template | Fields, scope: Scope) -> Any:
    try:
        return field.value(scope) if isinstance(field, Template) else values(field, scope)
    except DocumentError as error:
        raise DocumentError(f"{name}: {error}", error.code) from error


def _schema(depth: int) -> dict[str, Any]:
    scalars = ["string", "number", "boolean"]
    if not depth:
        return {"type": scalars, "format": "expression"}
    return {"type": [*scalars, "object"], "format": "expression", "additionalProperties": _schema(depth - 1)}


def _load(written: Any, _: Any) -> Fields:
    if not isinstance(written, Mapping):
        raise ValueError("expected a mapping of names to expressions")  # settings collect ValueError
    return {name: _load(each, None) if isinstance(each, Mapping) else Template(each) for name, each in written.items()}


_WRITTEN = {"type": "object", "minProperties": 1, "additionalProperties": _schema(DEEPEST)}

WrittenFields = Annotated[Fields, Parsed(_WRITTEN, _load)]
"""A setting of names and expressions, at most eight levels deep."""
