"""The JSON Schema of settings, and values as it writes them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector_sdk.settings.forms import Definitions

if TYPE_CHECKING:
    from connector_sdk.settings.field import Field
    from connector_sdk.settings.settings import Settings


def whole_schema(kind: type[Settings]) -> dict[str, Any]:
    """The schema of a class with the definitions it refers to."""
    definitions: Definitions = {}
    schema = object_schema(kind, definitions)
    if not definitions:
        return schema
    return {"$defs": {name: written for name, (_, written) in sorted(definitions.items())}, **schema}


def object_schema(kind: type[Settings], definitions: Definitions) -> dict[str, Any]:
    """The schema of a class; those of others go to the definitions."""
    found = kind.__fields__.values()
    required = [field.key for field in found if field.is_required]
    doc = kind.__dict__.get("__doc__")
    return {
        "additionalProperties": kind.__takes_any__,
        **({"description": inspect.cleandoc(doc)} if doc else {}),
        **kind.__keywords__,
        "properties": {field.key: _field_schema(field, definitions) for field in found},
        **({"required": required} if required else {}),
        "type": "object",
    }


def _field_schema(field: Field, definitions: Definitions) -> dict[str, Any]:
    form = field.form.schema(definitions)
    return {
        **form,
        **({} if field.is_required or (field.default and holds_secret(form)) else _default(field.default)),
        **({"description": field.description} if field.description else {}),
        **field.keywords,
    }


def _default(value: Any) -> dict[str, Any]:
    try:
        return {"default": plain(value)}
    except TypeError:  # a parsed value may have one that no file could say
        return {}


def holds_secret(schema: Any) -> bool:
    """Whether a text in it is not to be shown; settings inside it hide their own."""
    if isinstance(schema, list):
        return any(holds_secret(each) for each in schema)
    return isinstance(schema, dict) and ("writeOnly" in schema or any(holds_secret(each) for each in schema.values()))


def plain(value: Any) -> Any:
    """A value as JSON has it: settings by their keys, secrets hidden; TypeError for what JSON does not have."""
    from connector_sdk.settings.secret import Secret
    from connector_sdk.settings.settings import Settings

    match value:
        case Settings():
            return {field.key: plain(getattr(value, name)) for name, field in value.__fields__.items()}
        case Mapping():
            return {key: plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case Secret():
            return str(value)
        case str() | int() | float() | None:
            return value
    raise TypeError(f"a value of type {type(value).__name__} is no JSON")
