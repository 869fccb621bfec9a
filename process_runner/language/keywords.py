"""Keywords of JSON Schema about the form of a value: standard in what they accept, kinder in what they say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from process_runner.expressions import check
from process_runner.language.limits import LIMITS
from process_runner.language.messages import not_possible, unknown_name, wrong_form
from process_runner.language.nodes import Replaced, Substituted
from process_runner.language.place import nearest, suggestion
from process_runner.language.reader import scalar
from process_runner.language.validator import Keyword, Validator
from process_runner.language.violation import Violation, Violations

UNKNOWN = "unknown"
"""The kind of a violation that is a key's fault and not its value's."""
_ANY = ["string", "number", "boolean", "object", "array", "null"]


def unknown(what: str, key: str, known: Any) -> Violation:
    """A key that should not be there."""
    return Violation(f"unknown {what} '{key}'" + suggestion(key, known), (key,), UNKNOWN)


def is_one_of(value: Any, choices: Any) -> bool:
    """Whether a value that selects a form selects one; a list or mapping never does."""
    return isinstance(value, str) and value in choices


def no_choice(key: str, value: Mapping[str, Any], known: Any) -> Violation:
    """A key that selects what a mapping is, missing or with a value that selects nothing."""
    if key not in value:
        return Violation(f"missing '{key}'" + suggestion("", known))
    return Violation(unknown_name(key, value[key], known), (key,))


def _type(validator: Validator, types: Any, value: Any, schema: Any) -> Violations:
    if "enum" not in schema and "const" not in schema and not _is_of(validator, types, value):
        yield Violation(wrong_form([{"type": types}], value))


def _is_of(validator: Validator, types: Any, value: Any) -> bool:
    wanted = [types] if isinstance(types, str) else types
    meant = scalar(value) if isinstance(value, Replaced) else value
    return any(validator.is_type(each, name) for each in (value, meant) for name in wanted)


def _any_of(validator: Validator, forms: list[Any], value: Any, _: Any) -> Violations:
    attempts = []
    for form in forms:
        if _is_of(validator, form.get("type", _ANY), value):
            errors = list(validator.violations(value, form))
            if not errors:
                return
            attempts.append((_likeness(form, value), -len(errors), errors))
    likeness, _, meant = max(attempts, key=lambda each: each[:2], default=(0, 0, []))
    if likeness or (len(attempts) == 1 and not any(form.get("required") for form in forms)):
        yield from meant
    else:
        yield Violation(wrong_form(forms, value))


def _one_of(validator: Validator, forms: list[Any], value: Any, schema: Any) -> Violations:
    key = schema.get("discriminator", {}).get("propertyName")
    if key is None or not isinstance(value, dict):
        yield from _any_of(validator, forms, value, schema)
        return
    choices = {each: form for form in forms for each in _constants(form, key)}
    if key not in value:
        yield no_choice(key, value, choices)
    elif not is_one_of(value[key], choices):
        yield Violation(not_possible(value[key], choices), (key,))
    else:
        yield from validator.violations(value, choices[value[key]])


def _likeness(form: Any, value: Any) -> int:
    """How many of its keys say that a value which is of the form's type was meant to have the form."""
    known = form.get("properties")
    if not isinstance(value, dict) or not value or known is None:
        return 1
    return sum(1 for key in value if key in known or nearest(key, known))


def _format(_: Validator, name: str, value: Any, __: Any) -> Violations:
    if name == "expression" and isinstance(value, str) and (wrong := check(value)):
        hidden = "this expression is not valid once the reference's value is in it"
        yield Violation(hidden if isinstance(value, Substituted) else wrong)


def _additional(validator: Validator, allowed: Any, value: Any, schema: Any) -> Violations:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    for key in value:
        if key in known:
            continue
        if allowed is False:
            yield unknown(schema.get("x-entry", "setting"), key, known)
        elif isinstance(allowed, dict):
            yield from validator.within(key, value[key], allowed)


def _required(_: Validator, names: list[str], value: Any, schema: Any) -> Violations:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    misspelt = {nearest(key, known) for key in value if key not in known}
    for name in names:
        if name not in value and name not in misspelt:
            yield Violation(f"missing '{name}'")


def _names(validator: Validator, schema: Any, value: Any, _: Any) -> Violations:
    for name in value if isinstance(value, dict) else ():
        if any(validator.violations(name, schema)):
            yield Violation("the name is empty", (name,), UNKNOWN)


def _constants(form: Any, key: str) -> list[Any]:
    choice = form.get("properties", {}).get(key, {})
    return [choice["const"]] if "const" in choice else choice.get("enum", [])


KEYWORDS: Mapping[str, Keyword] = MappingProxyType(
    {
        **LIMITS,
        "type": _type,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "format": _format,
        "additionalProperties": _additional,
        "propertyNames": _names,
        "required": _required,
    }
)
