"""The options of a component as rows: what a schema says, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Schema = dict[str, Any]
LIMITS = (
    ("minimum", " from {}"),
    ("exclusiveMinimum", " above {}"),
    ("maximum", " to {}"),
    ("exclusiveMaximum", " below {}"),
    ("maxLength", ", at most {} characters"),
    ("minItems", ", at least {}"),
    ("maxItems", ", at most {}"),
)
"""Keywords of JSON Schema that say how much, in words. That a text is not empty goes without saying."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. `default` is JSON, empty where there is none; `marks` are required, secret and dynamic."""

    name: str
    type: str
    default: str
    marks: tuple[str, ...]
    description: str


def options(schema: Schema, whole: str | None = None) -> Iterator[Option]:
    """The settings of a JSON Schema, in their order; those of a setting with settings of its own follow it.

    `whole` is the setting that the value itself stands for: the names of what is inside it go without its name.
    """
    for option in _options(schema, schema.get("$defs", {}), ""):
        if whole and option.name.startswith(f"{whole}."):
            yield replace(option, name=option.name.removeprefix(f"{whole}."))
        elif whole and option.name == whole:
            yield replace(option, name="(the value)")
        else:
            yield option


def summary(described: type[Any]) -> str:
    """The first paragraph of a class's docstring, on one line."""
    return " ".join((described.__doc__ or "").split("\n\n")[0].split())


def _options(schema: Schema, definitions: Schema, prefix: str) -> Iterator[Option]:
    required = schema.get("required", [])
    for name, written in schema.get("properties", {}).items():
        forms = list(_forms(written, definitions))
        kinds = dict.fromkeys(_kind(form, definitions) for form in forms if form.get("type") != "null")
        secret = any(form.get("writeOnly") for form in forms)
        marks = {"required": name in required, "secret": secret, "dynamic": bool(written.get("dynamic"))}
        yield Option(
            prefix + name,
            " or ".join(kinds),
            _default(written),
            tuple(mark for mark, holds in marks.items() if holds),
            written.get("description", ""),
        )
        inside = list(_with_contents(forms, definitions))
        yield from _merged(
            [list(_options(form, definitions, f"{prefix}{name}.{key}")) for key, form in inside if _has_keys(form)]
        )


def _merged(alternatives: list[list[Option]]) -> Iterator[Option]:
    """The options of alternative mappings as one list; required is what all of them require."""
    found: dict[str, list[tuple[str, Option]]] = {}
    for rows in alternatives:
        for row in rows:
            found.setdefault(row.name, []).append((rows[0].type, row))
    for same in found.values():
        first = same[0][1]
        kinds = " / ".join(dict.fromkeys(row.type for _, row in same))
        always = len(same) == len(alternatives)
        marks = tuple(mark for mark in first.marks if mark != "required" or always)
        yield replace(first, type=kinds, marks=marks, description=_descriptions(same))


def _descriptions(same: list[tuple[str, Option]]) -> str:
    """What an option means, where its alternatives differ for each of them: "`json`: Where the array is."."""
    alternatives: dict[str, list[str]] = {}
    for alternative, row in same:
        alternatives.setdefault(row.description, []).append(alternative)
    if len(alternatives) == 1:
        return same[0][1].description
    return " ".join(f"{', '.join(names)}: {text}" for text, names in alternatives.items())


def _has_keys(form: Schema) -> bool:
    return bool(form.get("properties"))


def _default(written: Schema) -> str:
    value = written.get("default")
    return (
        "" if value is None or value in ({}, []) or isinstance(value, dict) else json.dumps(value, ensure_ascii=False)
    )


def _forms(written: Schema, definitions: Schema) -> Iterator[Schema]:
    if name := str(written.get("$ref", "")).removeprefix("#/$defs/"):
        yield from _forms(definitions[name], definitions)
    elif inner := [*written.get("anyOf", ()), *written.get("oneOf", ())]:
        for form in inner:
            yield from _forms(form, definitions)
    else:
        yield written


def _with_contents(forms: list[Schema], definitions: Schema) -> Iterator[tuple[str, Schema]]:
    """The forms, and those of what is in them: without a key in a list, under `NAME.` in a mapping of any names."""
    yield from (("", form) for form in forms)
    for form in forms:
        if form.get("type") == "array" and "x-steps" not in form:
            yield from (("", each) for each in _forms(form.get("items", {}), definitions))
        if isinstance(values := form.get("additionalProperties"), dict):
            yield from (("NAME.", each) for each in _forms(values, definitions))


def _kind(form: Schema, definitions: Schema) -> str:
    if "x-steps" in form:
        return "steps"
    if form.get("format") == "expression":
        return "expression"
    if "const" in form or "enum" in form:
        return " / ".join(f"`{each}`" for each in form.get("enum", [form.get("const")]))
    kind = form.get("type", "any value")
    if kind == "array":
        inner = dict.fromkeys(_kind(each, definitions) for each in _forms(form.get("items", {}), definitions))
        return f"list of {' or '.join(inner)}{_limits(form)}"
    if kind == "object" and isinstance(form.get("additionalProperties"), dict):
        inner = dict.fromkeys(_kind(each, definitions) for each in _forms(form["additionalProperties"], definitions))
        return f"mapping to {' or '.join(inner)}"
    words = {"string": "text", "object": "mapping", "integer": "whole number"}
    return " or ".join(words.get(each, each) for each in ([kind] if isinstance(kind, str) else kind)) + _limits(form)


def _limits(form: Schema) -> str:
    """What a form's limits are, in words that follow its type: ` from 5 to 2048`."""
    return "".join(words.format(form[keyword]) for keyword, words in LIMITS if keyword in form)
