"""Which texts of a component its schema says are secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connector_sdk import Settings
from process_runner.language.inlining import schema_of


class SecretText(NamedTuple):
    """A text that is not to be shown, and the path to it from its component."""

    path: tuple[str | int, ...]
    text: str


def secrets(settings: type[Settings], written: Any) -> Iterator[SecretText]:
    """Every text under something that the schema marks `writeOnly`, in lists and in mappings of any names too."""
    schema = schema_of(settings)
    yield from _inside(schema, schema.get("$defs", {}), written, ())


def _inside(schema: Any, definitions: Any, value: Any, path: tuple[str | int, ...]) -> Iterator[SecretText]:
    if name := str(schema.get("$ref", "")).removeprefix("#/$defs/"):
        schema = definitions[name]
    for form in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from _inside(form, definitions, value, path)
    if isinstance(value, str):
        if schema.get("writeOnly"):
            yield SecretText(path, str(value))
    elif isinstance(value, Mapping):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for key, inner in value.items():
            if isinstance(form := known.get(key, others), dict):
                yield from _inside(form, definitions, inner, (*path, key))
    elif isinstance(value, list | tuple) and isinstance(form := schema.get("items"), dict):
        for index, inner in enumerate(value):
            yield from _inside(form, definitions, inner, (*path, index))
