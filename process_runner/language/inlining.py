"""JSON Schemas in one piece."""

from __future__ import annotations

import functools
from typing import Any

from connector_sdk import Settings


@functools.cache
def schema_of(settings: type[Settings]) -> dict[str, Any]:
    """The JSON Schema of settings, made once: the same one for all who ask, so that none may change it."""
    return settings.json_schema()


@functools.cache
def whole_schema_of(settings: type[Settings]) -> dict[str, Any]:
    """The same in one piece."""
    schema: dict[str, Any] = inlined(schema_of(settings))
    return schema


def inlined(schema: Any) -> Any:
    """The schema with its own definitions put where they are used, so that a form can be told by its keys."""
    definitions = schema.get("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, list):
            return [resolve(each) for each in part]
        if not isinstance(part, dict):
            return part
        if name := str(part.get("$ref", "")).removeprefix("#/$defs/"):
            return resolve({**definitions[name], **{key: value for key, value in part.items() if key != "$ref"}})
        return {key: resolve(value) for key, value in part.items() if key != "$defs"}

    return resolve(schema)
