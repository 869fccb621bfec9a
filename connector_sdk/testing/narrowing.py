"""Whether a JSON Schema refuses what an older one took."""

from __future__ import annotations

import json
from typing import Any

Schema = dict[str, Any]

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
WIDER = {"integer": "number"}
OBJECT = {"type": "object"}


def narrowed(old: Schema, new: Schema, before: Schema, after: Schema) -> str | None:
    """The reason why the new schema may refuse what the old one took; `before` and `after` are their definitions."""
    forms = _forms(new, after)
    for form in _forms(old, before):
        reasons = [_form_narrowed(form, each, before, after) for each in forms]
        if all(reasons):
            return min((each for each in reasons if each), key=lambda each: each.startswith("it takes no"))
    return None


def _forms(schema: Schema, definitions: Schema) -> list[Schema]:
    if reference := str(schema.get("$ref", "")).removeprefix("#/$defs/"):
        return _forms(definitions[reference], definitions)
    inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return [form for each in inner for form in _forms(each, definitions)] or [schema]


def _form_narrowed(old: Schema, new: Schema, before: Schema, after: Schema) -> str | None:
    if reason := _type_narrowed(old, new) or _choices_narrowed(old, new) or _limits_narrowed(old, new):
        return reason
    for key in ("items", "additionalProperties"):
        inner, limit = old.get(key, True), new.get(key, True)
        if isinstance(limit, dict):
            if reason := narrowed(inner if isinstance(inner, dict) else {}, limit, before, after):
                return f"inside, {reason}"
        elif limit is False and inner is not False:
            return "it takes no other keys any more"
    return _keys_narrowed(old, new, before, after)


def _type_narrowed(old: Schema, new: Schema) -> str | None:
    kinds, known = _types(old), _types(new)
    if not known or (kinds and all(kind in known or WIDER.get(kind) in known for kind in kinds)):
        return None
    return f"it takes no {' or '.join(sorted(kinds - known)) or 'other type'} any more"


def _types(schema: Schema) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _choices_narrowed(old: Schema, new: Schema) -> str | None:
    known = _choices(new)
    if known is None:
        return None
    wanted = _choices(old)
    if wanted is None:
        return f"it takes {', '.join(sorted(known))} alone now"
    gone = sorted(wanted - known)
    return f"it takes no {', '.join(gone)} any more" if gone else None


def _choices(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {json.dumps(schema["const"])}
    return {json.dumps(each) for each in schema["enum"]} if "enum" in schema else None


def _limits_narrowed(old: Schema, new: Schema) -> str | None:
    for keyword, is_tighter in [*((each, _above) for each in LOWER), *((each, _below) for each in UPPER)]:
        if keyword in new and (keyword not in old or is_tighter(new[keyword], old[keyword])):
            return f"its {keyword} is {new[keyword]} now" + (f", not {old[keyword]}" if keyword in old else "")
    for keyword in ("pattern", "format", "multipleOf", "uniqueItems"):
        if new.get(keyword) and new.get(keyword) != old.get(keyword):
            return f"its {keyword} is {new[keyword]} now"
    return None


def _above(one: float, other: float) -> bool:
    return one > other


def _below(one: float, other: float) -> bool:
    return one < other


def _keys_narrowed(old: Schema, new: Schema, before: Schema, after: Schema) -> str | None:
    known, wanted = old.get("properties", {}), new.get("properties", {})
    if needed := sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        return f"inside, {', '.join(needed)} is required now"
    if new.get("additionalProperties") is False and (gone := sorted(known.keys() - wanted.keys())):
        return f"inside, {', '.join(gone)} is gone"
    for name in known.keys() & wanted.keys():
        if reason := narrowed(known[name], wanted[name], before, after):
            return f"inside, {name}: {reason}"
        if known[name].get("default") != wanted[name].get("default"):
            return f"inside, {name}: the default is {json.dumps(wanted[name].get('default'))} now"
    return None
