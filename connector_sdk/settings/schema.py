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
    return {
        **field.form.schema(definitions),
        **({} if field.is_required else {"default": plain(field.default)}),
        **({"description": field.description} if field.description else {}),
        **field.keywords,
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: settings by their keys, secrets hidden."""
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
    return value
