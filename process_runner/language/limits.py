"""Keywords of JSON Schema about a single value, its items and its properties."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connector_sdk.settings.limits import matches
from process_runner.language.messages import not_possible
from process_runner.language.validator import Keyword, Validator
from process_runner.language.violation import Violation, Violations


def _limit(kind: str, is_broken: Callable[[Any, Any], bool], told: str, of_empty: str | None = None) -> Keyword:
    """A limit to values of a JSON type: what breaks it, and what is said then."""

    def check(validator: Validator, limit: Any, value: Any, _: Any) -> Violations:
        if validator.is_type(value, kind) and is_broken(value, limit):
            count = len(value) if hasattr(value, "__len__") else 0
            yield Violation((told if value else of_empty or told).format(value=value, limit=limit, count=count))

    return check


def _is_shorter(value: Any, least: int) -> bool:
    return len(value) < least


def _is_longer(value: Any, most: int) -> bool:
    return len(value) > most


def _properties(validator: Validator, forms: Any, value: Any, _: Any) -> Violations:
    for key, form in forms.items() if isinstance(value, dict) else ():
        if key in value:
            yield from validator.within(key, value[key], form)


def _items(validator: Validator, form: Any, value: Any, schema: Any) -> Violations:
    first = len(schema.get("prefixItems", ()))
    for index in range(first, len(value) if isinstance(value, list) else 0):
        yield from validator.within(index, value[index], form)


def _enum(_: Validator, choices: list[Any], value: Any, __: Any) -> Violations:
    if not any(_is_same(value, each) for each in choices):
        yield Violation(not_possible(value, choices))


def _const(_: Validator, only: Any, value: Any, __: Any) -> Violations:
    if not _is_same(value, only):
        yield Violation(f"expected {only!r}")


def _is_same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


LIMITS: Mapping[str, Keyword] = MappingProxyType(
    {
        "properties": _properties,
        "items": _items,
        "enum": _enum,
        "const": _const,
        "minimum": _limit("number", operator.lt, "{value} is less than the minimum of {limit}"),
        "maximum": _limit("number", operator.gt, "{value} is more than the maximum of {limit}"),
        "exclusiveMinimum": _limit("number", operator.le, "{value} must be more than {limit}"),
        "exclusiveMaximum": _limit("number", operator.ge, "{value} must be less than {limit}"),
        "pattern": _limit("string", lambda text, form: not matches(text, form), "the text does not match {limit}"),
        "minLength": _limit(
            "string",
            _is_shorter,
            "the text is too short; it needs at least {limit}, it has {count}",
            "the text is empty",
        ),
        "maxLength": _limit("string", _is_longer, "the text is too long; its most is {limit}, it has {count}"),
        "minItems": _limit(
            "array", _is_shorter, "the list needs at least {limit} items, it has {count}", "the list is empty"
        ),
        "maxItems": _limit("array", _is_longer, "the list has {count} items; its most is {limit}"),
        "minProperties": _limit(
            "object", _is_shorter, "the mapping needs at least {limit} keys, it has {count}", "the mapping is empty"
        ),
        "maxProperties": _limit("object", _is_longer, "the mapping has {count} keys; its most is {limit}"),
    }
)
