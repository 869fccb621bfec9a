"""Schemas of the runner in standard terms, for editors."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector_sdk import Connector

Schema = dict[str, Any]

REFERENCE = r"^\$\{.*\}$"
"""A text that is one load-time reference."""
_OURS = (
    "$defs",
    "discriminator",
    "x-at-most-one-of",
    "x-entry",
    "x-name-of",
    "x-one-of",
    "x-properties",
    "x-some-of",
)


def standard(schema: Any, prefix: str, definitions: Schema) -> Any:
    """The schema without our keywords, its own definitions moved into `definitions` under `prefix`."""
    if isinstance(schema, list):
        return [standard(each, prefix, definitions) for each in schema]
    if not isinstance(schema, dict):
        return copy.copy(schema)
    if "x-steps" in schema:
        kept = {key: value for key, value in schema.items() if key not in ("x-steps", "type")}
        return {**kept, "$ref": "#/$defs/steps"}
    if name := schema.get("x-shared"):
        kept = {key: value for key, value in schema.items() if key != "x-shared"}
        definitions[name] = standard(kept, f"{name}.", definitions)
        return {"$ref": f"#/$defs/{name}"}
    if "x-component" in schema:
        return {"$ref": f"#/$defs/{schema['x-component']}"}
    for name, each in schema.get("$defs", {}).items():
        definitions[prefix + name] = standard(each, prefix, definitions)
    kept = {key: value for key, value in schema.items() if key not in _OURS}
    result = {key: standard(value, prefix, definitions) for key, value in kept.items()}
    if schema.get("type") in ("integer", "number", "boolean") or "enum" in schema:
        return _or_reference(result)
    if str(result.get("$ref", "")).startswith("#/$defs/"):
        result["$ref"] = "#/$defs/" + prefix + result["$ref"].removeprefix("#/$defs/")
    if "x-properties" in schema:
        result["propertyNames"] = {"$ref": "#/$defs/property-names"}
    return {**result, **_choices(schema)}


def property_names(connectors: Iterable[Connector]) -> Schema:
    """What `set_properties` can set: a document property, a process property, or what a connector lets be set."""
    settable = [f"{each.id}.{tracked.name}" for each in connectors for tracked in each.tracked if tracked.settable]
    names = [{"pattern": r"^[^.]*$"}, {"pattern": r"^process\.."}, {"enum": sorted(settable)}]
    return {"description": "NAME, process.NAME, or CONNECTOR.NAME.", "anyOf": names}


def _choices(schema: Schema) -> Schema:
    """Which keys exclude each other, and of which at least one is needed."""
    found: Schema = {}
    if names := schema.get("x-one-of"):
        found["oneOf"] = [{"required": [name]} for name in names]
    if names := schema.get("x-some-of"):
        found["anyOf"] = [{"required": [name]} for name in names]
    if names := schema.get("x-at-most-one-of"):
        found["not"] = {"anyOf": [{"required": list(pair)} for pair in combinations(names, 2)]}
    return found


def _or_reference(schema: Schema) -> Schema:
    """The schema of a value that is no free text, and may come from `${NAME}` too."""
    told = {key: value for key, value in schema.items() if key in ("description", "default", "examples", "dynamic")}
    judged = {key: value for key, value in schema.items() if key not in told}
    return {**told, "anyOf": [judged, {"type": "string", "pattern": REFERENCE}]}
