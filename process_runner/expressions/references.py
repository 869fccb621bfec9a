"""References: the commonest expressions, such as `{{ prop.x }}`, read without Jinja.

A reader gives the value that Jinja would give, or raises; whoever calls it then asks Jinja, which explains what is
wrong. So nothing but speed depends on what is recognised here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from process_runner.expressions.values import text_of

if TYPE_CHECKING:
    from process_runner.expressions.scope import Scope

Reader = Callable[["Scope"], Any]


def _property(name: str) -> Reader:
    def read(scope: Scope) -> str:
        if name in scope.spaces:
            raise LookupError(name)
        return scope.document.properties[name]

    return read


def _tracked(space: str, name: str) -> Reader:
    key = f"{space}.{name}"

    def read(scope: Scope) -> str:
        if space not in scope.spaces:
            raise LookupError(space)
        return scope.document.tracked[key]

    return read


# No leading underscore, and nothing in quotes that Jinja would read as an escape or an end.
_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_QUOTED = r"""(?:'([^'"\\{}%#\r\n]*)'|"([^'"\\{}%#\r\n]*)")"""
_PIECE = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_FORMS = (
    (rf"prop\.({_NAME})", _property),
    (rf"prop\[{_QUOTED}\]", _property),
    (rf"prop\.({_NAME})\.({_NAME})", _tracked),
    (rf"process\.({_NAME})", lambda name: lambda scope: scope.facts.process_properties[name]),
    (rf"json\({_QUOTED}\)", lambda path: lambda scope: scope.json(path)),
    (r"document\.text", lambda: lambda scope: scope.text()),
    (r"document\.id", lambda: lambda scope: scope.document.id),
    (r"document\.index", lambda: lambda scope: scope.index),
)
_COMPILED = tuple((re.compile(rf"\{{\{{\s*{form}\s*\}}\}}"), make) for form, make in _FORMS)


def reader(source: str) -> Reader | None:
    """The reader of a text that is one reference, or references with text around them; None for anything else."""
    if "{%" in source or "{#" in source or "\r" in source:
        return None
    if (whole := _reference(source)) is not None:
        return whole
    readers: list[Reader | str] = []
    for piece in filter(None, _PIECE.split(source)):
        found = _reference(piece) if piece.startswith("{{") else piece
        if found is None or (isinstance(found, str) and "{{" in found):
            return None
        readers.append(found)
    return _joined(readers)


def _reference(written: str) -> Reader | None:
    for pattern, make in _COMPILED:
        if match := pattern.fullmatch(written):
            made: Reader = make(*(each for each in match.groups() if each is not None))
            return made
    return None


def _joined(readers: list[Reader | str]) -> Reader:
    def read(scope: Scope) -> str:
        return "".join([each if isinstance(each, str) else text_of(each(scope)) for each in readers])

    return read
