"""The JSON Schema of the language, made from the registered classes.

Inside the runner keywords of our own stand for what plain JSON Schema says badly: `x-steps` (a path of steps),
`x-component` (a connection or an operation), `x-name-of` (the name of a component), `x-entry` (what a key is called),
`x-shared` (the name of what many components have in common), and for rules that the runner tells in words of its own:
`x-one-of`, `x-some-of` and `x-at-most-one-of` (keys that are needed, or exclude each other), `x-properties` (keys are
names of properties).
`published` spells them out in standard terms, for editors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from process_runner.components import reserved
from process_runner.language.inlining import schema_of
from process_runner.language.migration import with_older
from process_runner.language.standard import Schema, property_names, standard

if TYPE_CHECKING:
    from connector_sdk import Settings
    from process_runner.engine.step import Shape
    from process_runner.plugins import Registry

RESERVED: Schema = {
    "connector": {"type": "string", "description": "Which connector it belongs to."},
    "description": {"type": "string", "description": "What it is for, for readers."},
}
NAME: Schema = {"type": "string", "minLength": 1, "description": "What this step is called in logs and reports."}


def file_schema() -> Schema:
    """The schema of one project file, with the keywords of our own."""
    components = {"type": ["object", "null"], "propertyNames": {"minLength": 1}}
    process: Schema = {
        "type": "object",
        "properties": {
            "description": RESERVED["description"],
            "steps": {"type": "array", "minItems": 1, "x-steps": True, "description": "What happens, in order."},
        },
        "required": ["steps"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "x-entry": "section",
        "properties": {
            "connections": {
                **components,
                "description": "How to reach systems, reusable by name.",
                "additionalProperties": {"x-component": "connection"},
            },
            "operations": {
                **components,
                "description": "Actions with their options, reusable by name.",
                "additionalProperties": {"x-component": "operation"},
            },
            "processes": {
                **components,
                "description": "Processes by name.",
                "additionalProperties": process,
            },
        },
        "additionalProperties": False,
    }


def shape_schema(shape: type[Shape]) -> Schema:
    """The schema of a step's value for a shape."""
    whole = schema_of(shape)
    definitions = whole.get("$defs", {})
    schema = {key: value for key, value in whole.items() if key != "$defs"}
    properties = schema.get("properties", {})
    if shape.whole:
        written = properties[shape.whole]
        forms = [written]
    elif shape.short:
        forms = [properties[shape.short], schema]
    else:
        forms = [schema]
    if not schema.get("required"):
        forms.append({"type": "null"})
    result = forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {"description": _help(shape), **result, **({"$defs": definitions} if definitions else {})}


def component_schema(settings: type[Settings], kind: str) -> Schema:
    """The schema of a connection or an operation, its reserved keys included."""
    schema: Schema = schema_of(settings)
    known = {**RESERVED, "action": {"type": "string", "description": "What it does."}}
    names = ("connector", "description") if kind == "connection" else ("connector", "action", "description")
    keys = {**{name: known[name] for name in names}, **reserved.properties(kind, settings)}
    properties = {**keys, **schema.get("properties", {})}
    required = [name for name in names if name != "description"] + schema.get("required", [])
    return {**schema, "description": _help(settings), "properties": properties, "required": required}


def published(registry: Registry) -> Schema:
    """The schema of a project file in standard JSON Schema (2020-12)."""
    definitions: Schema = {}
    schema = standard(file_schema(), "", definitions)
    definitions["steps"] = {"type": "array", "items": {"$ref": "#/$defs/step"}}
    definitions["step"] = _published_step(registry, definitions)
    definitions["connection"] = _choice(
        {name: (each.connection, "connection") for name, each in registry.connectors.items()}, definitions
    )
    definitions["operation"] = _published_operations(registry, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Process project",
        "description": "Connections, operations and processes of a project.",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _published_step(registry: Registry, definitions: Schema) -> Schema:
    shapes = {name: standard(shape_schema(shape), f"{name}.", definitions) for name, shape in registry.shapes.items()}
    definitions["property-names"] = property_names(registry.connectors.values())
    return {
        "type": "object",
        "properties": {"name": NAME, **dict(sorted(shapes.items()))},
        "additionalProperties": False,
        "oneOf": [{"required": [name]} for name in sorted(shapes)],
    }


def _published_operations(registry: Registry, definitions: Schema) -> Schema:
    cases = []
    for name, connector in registry.connectors.items():
        actions = {action: (each, "operation") for action, each in connector.actions.items()}
        chosen = _choice(actions, definitions, key="action", prefix=f"{name}.")
        cases.append({"if": _is("connector", name), "then": chosen})
    return {
        "type": "object",
        "required": ["connector", "action"],
        "properties": {"connector": {"enum": sorted(registry.connectors)}},
        "allOf": cases,
    }


def _choice(
    kinds: Mapping[str, tuple[type[Settings], str]], definitions: Schema, key: str = "connector", prefix: str = ""
) -> Schema:
    cases = []
    for name, (settings, kind) in kinds.items():
        place = f"{prefix}{name}.{kind}"
        schema = with_older(component_schema(settings, kind), settings)
        definitions[place] = standard(schema, f"{place}.", definitions)
        cases.append({"if": _is(key, name), "then": {"$ref": f"#/$defs/{place}"}})
    return {"type": "object", "required": [key], "properties": {key: {"enum": sorted(kinds)}}, "allOf": cases}


def _is(key: str, value: str) -> Schema:
    return {"properties": {key: {"const": value}}, "required": [key]}


def _help(settings: type[Any]) -> str:
    return " ".join((settings.__doc__ or "").split())
