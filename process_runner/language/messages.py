"""What a schema violation says to an author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jsonschema import ValidationError

from process_runner.language.place import suggestion

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}
_LIMITS = {
    "minimum": "{value} is less than the minimum of {limit}",
    "maximum": "{value} is more than the maximum of {limit}",
    "exclusiveMinimum": "{value} must be more than {limit}",
    "exclusiveMaximum": "{value} must be less than {limit}",
    "minLength": "the text is shorter than {limit} characters",
    "maxLength": "the text is longer than {limit} characters",
    "minItems": "the list needs at least {limit} items, it has {count}",
    "maxItems": "the list takes at most {limit} items, it has {count}",
    "minProperties": "the mapping needs at least {limit} keys, it has {count}",
    "pattern": "the text does not match {limit}",
    "const": "expected {limit!r}",
}


def message(error: ValidationError) -> str:
    """One sentence for one violation; violations that the judge worded itself are passed on."""
    kind, value = str(error.validator), error.instance
    limit: Any = error.validator_value
    if kind == "enum":
        choices = [str(each) for each in limit]
        return f"'{value}' is not possible here" + suggestion(str(value), choices)
    if kind == "minLength" and not value:
        return "the text is empty"
    if kind in _LIMITS:
        count = len(value) if hasattr(value, "__len__") else 0
        return _LIMITS[kind].format(value=value, limit=limit, count=count)
    return str(error.message)


def type_name(of: Any) -> str:
    """`a text`, `a mapping`: a JSON type by its name, or the type of a value."""
    if isinstance(of, str) and of in _TYPES:
        return _TYPES[of]
    for kind, name in ((bool, "boolean"), (str, "string"), (int, "integer"), (float, "number"), (dict, "object")):
        if isinstance(of, kind):
            return _TYPES[name]
    return _TYPES["null" if of is None else "array"]


def type_names(kinds: Iterable[str]) -> str:
    """`a text, a number or a mapping`: JSON types as alternatives."""
    names = list(dict.fromkeys(type_name(kind) for kind in kinds))
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
