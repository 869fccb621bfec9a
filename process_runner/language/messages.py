"""How violations of a schema are told to an author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from process_runner.language.nodes import Substituted
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


def not_possible(value: Any, choices: Iterable[Any]) -> str:
    """`'onse' is not possible here`, with what would be."""
    return f"{_shown(value)} is not possible here" + _instead(value, [str(each) for each in choices])


def wrong_form(forms: Iterable[Any], value: Any) -> str:
    """`expected a text, or a mapping with documents, got a list`: the JSON Schemas that would have been possible."""
    written = [form for form in forms if form.get("type") != "null"]
    chosen = [" or ".join(f"'{each}'" for each in form["enum"]) for form in written if "enum" in form]
    keyed = [f"a mapping with {' and '.join(form['required'])}" for form in written if form.get("required")]
    kinds = [kind for form in written if not ("enum" in form or form.get("required")) for kind in _kinds(form)]
    wanted = ", or ".join([*chosen, *([type_names(kinds)] if kinds else []), *keyed])
    is_unquoted = isinstance(value, bool | int | float) and "string" in kinds
    return f"expected {wanted}, got {type_name(value)}" + ("; put it in quotes" if is_unquoted else "")


def unknown_name(kind: str, value: Any, known: Iterable[str]) -> str:
    """`unknown action 'qery'`, with what would work."""
    unknown = f"{_shown(value)} is no {kind}" if isinstance(value, Substituted) else f"unknown {kind} {_shown(value)}"
    return unknown + _instead(value, known)


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
    written = list(kinds)
    names = list(dict.fromkeys(type_name(kind) for kind in written if kind != "integer" or "number" not in written))
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _kinds(form: Any) -> list[str]:
    kinds = form.get("type", "object")
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _shown(value: Any) -> str:
    """The value, unless it came from outside: then it may be a secret."""
    if isinstance(value, Substituted):
        return "the reference's value"
    return f"'{value}'" if isinstance(value, str | int | float) else type_name(value)


def _instead(value: Any, known: Iterable[str]) -> str:
    return suggestion("" if isinstance(value, Substituted) else str(value), known)
