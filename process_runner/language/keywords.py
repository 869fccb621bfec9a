"""JSON Schema keywords as the judge applies them: standard in what they accept, kinder in what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from process_runner.expressions import check
from process_runner.language.messages import unknown_name, wrong_form
from process_runner.language.nodes import Replaced, Substituted
from process_runner.language.place import nearest, suggestion
from process_runner.language.reader import scalar

Errors = Iterator[ValidationError]

_ANY = ["string", "number", "boolean", "object", "array", "null"]


def unknown(what: str, key: str, known: Any) -> ValidationError:
    """A key that should not be there."""
    return ValidationError(f"unknown {what} '{key}'" + suggestion(key, known), path=[key], validator="unknown")


def is_one_of(value: Any, choices: Any) -> bool:
    """Whether a value that selects a form selects one; a list or mapping never does."""
    return isinstance(value, str) and value in choices


def no_choice(key: str, value: Mapping[str, Any], known: Any) -> ValidationError:
    """A key that selects what a mapping is, missing or with a value that selects nothing."""
    if key not in value:
        return ValidationError(f"missing '{key}'" + suggestion("", known))
    return ValidationError(unknown_name(key, value[key], known), path=[key])


def _type(validator: Any, types: Any, value: Any, schema: Any) -> Errors:
    if "enum" not in schema and "const" not in schema and not _is_of(validator, types, value):
        yield ValidationError(wrong_form([{"type": types}], value))


def _is_of(validator: Any, types: Any, value: Any) -> bool:
    wanted = [types] if isinstance(types, str) else types
    meant = scalar(value) if isinstance(value, Replaced) else value
    return any(validator.is_type(each, name) for each in (value, meant) for name in wanted)


def _any_of(validator: Any, forms: list[Any], value: Any, _: Any) -> Errors:
    attempts = []
    for form in forms:
        if _is_of(validator, form.get("type", _ANY), value):
            errors = list(validator.descend(value, form))
            if not errors:
                return
            attempts.append((_likeness(form, value), -len(errors), errors))
    likeness, _, meant = max(attempts, key=lambda each: each[:2], default=(0, 0, []))
    if likeness or (len(attempts) == 1 and not any(form.get("required") for form in forms)):
        yield from meant
    else:
        yield ValidationError(wrong_form(forms, value))


def _one_of(validator: Any, forms: list[Any], value: Any, schema: Any) -> Errors:
    key = schema.get("discriminator", {}).get("propertyName")
    if key is None or not isinstance(value, dict):
        yield from _any_of(validator, forms, value, schema)
        return
    choices = {each: form for form in forms for each in _constants(form, key)}
    if key not in value:
        yield no_choice(key, value, choices)
    elif not is_one_of(value[key], choices):
        yield ValidationError("", validator="enum", validator_value=[*choices], instance=value[key], path=[key])
    else:
        yield from validator.descend(value, choices[value[key]])


def _likeness(form: Any, value: Any) -> int:
    """How many of its keys say that a value which is of the form's type was meant to have the form."""
    known = form.get("properties")
    if not isinstance(value, dict) or not value or known is None:
        return 1
    return sum(1 for key in value if key in known or nearest(key, known))


def _format(_: Any, name: str, value: Any, __: Any) -> Errors:
    if name == "expression" and isinstance(value, str) and (wrong := check(value)):
        hidden = "this expression is not valid once the reference's value is in it"
        yield ValidationError(hidden if isinstance(value, Substituted) else wrong)


def _additional(validator: Any, allowed: Any, value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    for key in value:
        if key in known:
            continue
        if allowed is False:
            yield unknown(schema.get("x-entry", "setting"), key, known)
        elif isinstance(allowed, dict):
            yield from validator.descend(value[key], allowed, path=key)


def _required(_: Any, names: list[str], value: Any, schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    misspelt = {nearest(key, known) for key in value if key not in known}
    for name in names:
        if name not in value and name not in misspelt:
            yield ValidationError(f"missing '{name}'")


def _names(validator: Any, schema: Any, value: Any, _: Any) -> Errors:
    for name in value if isinstance(value, dict) else ():
        if any(validator.descend(name, schema)):
            yield ValidationError("the name is empty", path=[name], validator="unknown")


def _constants(form: Any, key: str) -> list[Any]:
    choice = form.get("properties", {}).get(key, {})
    return [choice["const"]] if "const" in choice else choice.get("enum", [])


KEYWORDS = {
    "type": _type,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "format": _format,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "required": _required,
}
