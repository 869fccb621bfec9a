"""JSON Schema keywords as the judge applies them: standard in what they accept, kinder in what they say."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from process_runner.expressions import check
from process_runner.language.messages import type_name, type_names
from process_runner.language.nodes import Substituted
from process_runner.language.place import suggestion
from process_runner.language.reader import scalar

Errors = Iterator[ValidationError]

_ANY = ["string", "number", "boolean", "object", "array", "null"]


def unknown(what: str, key: str, known: Any) -> ValidationError:
    """A key that should not be there."""
    return ValidationError(f"unknown {what} '{key}'" + suggestion(key, known), path=[key], validator="unknown")


def no_choice(key: str, value: Mapping[str, Any], known: Any) -> ValidationError:
    """A key that selects what a mapping is, missing or with a value that selects nothing."""
    if key not in value:
        return ValidationError(f"missing '{key}'" + suggestion("", known))
    return ValidationError(f"unknown {key} '{value[key]}'" + suggestion(str(value[key]), known), path=[key])


def _type(validator: Any, types: Any, value: Any, _: Any) -> Errors:
    wanted = [types] if isinstance(types, str) else types
    meant = scalar(value) if isinstance(value, Substituted) else value
    if not any(validator.is_type(each, name) for each in (value, meant) for name in wanted):
        yield ValidationError(f"expected {type_names(wanted)}, got {type_name(value)}")


def _any_of(validator: Any, forms: list[Any], value: Any, _: Any) -> Errors:
    attempts = [list(validator.descend(value, form)) for form in forms]
    if all(attempts):
        yield from _nearest(validator, forms, attempts, value)


def _one_of(validator: Any, forms: list[Any], value: Any, schema: Any) -> Errors:
    key = schema.get("discriminator", {}).get("propertyName")
    if key is None or not isinstance(value, dict):
        yield from _any_of(validator, forms, value, schema)
        return
    choices = {each: form for form in forms for each in _constants(form, key)}
    if value.get(key) not in choices:
        yield no_choice(key, value, choices)
    else:
        yield from validator.descend(value, choices[value[key]])


def _nearest(validator: Any, forms: list[Any], attempts: list[list[ValidationError]], value: Any) -> Errors:
    """The errors of the form that the author most likely meant: of the same type, and sharing the most keys."""
    fitting = [at for at, form in enumerate(forms) if not any(_type(validator, form.get("type", _ANY), value, form))]
    if not fitting:
        kinds = [kind for form in forms for kind in _types(form) if kind != "null"]
        yield ValidationError(f"expected {type_names(kinds)}, got {type_name(value)}")
        return
    keys = value.keys() if isinstance(value, dict) else set()
    shared = {at: len(forms[at].get("properties", {}).keys() & keys) for at in fitting}
    yield from attempts[max(fitting, key=lambda at: (shared[at], -len(attempts[at])))]


def _format(_: Any, name: str, value: Any, __: Any) -> Errors:
    if name == "expression" and isinstance(value, str) and (wrong := check(value)):
        yield ValidationError(wrong)


def _additional(validator: Any, allowed: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    for key in value:
        if key in known:
            continue
        if allowed is False:
            yield unknown("setting", key, known)
        elif isinstance(allowed, dict):
            yield from validator.descend(value[key], allowed, path=key)


def _required(_: Any, names: list[str], value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    misspelt = {near for key in value if key not in known for near in difflib.get_close_matches(key, known, n=1)}
    for name in names:
        if name not in value and name not in misspelt:
            yield ValidationError(f"missing '{name}'")


def _types(schema: Any) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def _constants(form: Any, key: str) -> list[Any]:
    choice = form.get("properties", {}).get(key, {})
    return [choice["const"]] if "const" in choice else choice.get("enum", [])


KEYWORDS = {
    "type": _type,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "format": _format,
    "additionalProperties": _additional,
    "required": _required,
}
