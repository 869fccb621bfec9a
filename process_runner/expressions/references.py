"""References: the commonest expressions, such as `{{ prop.x }}`, read without Jinja.

A reader gives the value that Jinja would give, or raises, or gives None; whoever calls it then asks Jinja, which
explains what is wrong. So nothing but speed depends on what is recognised here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from process_runner.expressions.bounds import LARGEST
from process_runner.expressions.values import text_of

if TYPE_CHECKING:
    from process_runner.expressions.scope import Scope

Reader = Callable[["Scope"], Any]

Names = tuple[str, ...]
"""Of `prop.s3.bucket` its three; of `json('a.b')` JSON and the path."""
JSON = "json()"

_DOCUMENT: Mapping[str, Reader] = MappingProxyType(
    {
        "text": lambda scope: scope.text(),
        "size": lambda scope: scope.document.payload.size,
        "index": lambda scope: scope.index,
        "id": lambda scope: scope.document.id,
    }
)


def reference(names: Names, missing: Any) -> Reader | None:
    """The reader of `prop.s3.bucket` by its names, of which none begins with an underscore; None for what it is not.

    It gives `missing` for a property that is not there.
    """
    match names:
        case ("prop", name):
            return _property(name, missing)
        case ("prop", space, name):
            return _tracked(space, name, missing)
        case ("error", name):
            return _tracked("error", name, missing)
        case ("process", name):
            return lambda scope: scope.facts.process_properties.get(name, missing)
        case ("document", name):
            return _DOCUMENT.get(name)
        case ("execution", name):
            return lambda scope: scope.names["execution"][name]
        case (str(space), path) if space == JSON:
            return lambda scope: scope.json(path)
    return None


def _property(name: str, missing: Any) -> Reader:
    def read(scope: Scope) -> Any:
        if name in scope.spaces:
            raise LookupError(name)
        return scope.document.properties.get(name, missing)

    return read


def _tracked(space: str, name: str, missing: Any) -> Reader:
    key = f"{space}.{name}"

    def read(scope: Scope) -> Any:
        if space not in scope.spaces:
            raise LookupError(space)
        return scope.document.tracked.get(key, missing)

    return read


# No leading underscore, and nothing in quotes that Jinja would read as an escape or an end.
_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_QUOTED = r"""(?:'([^'"\\{}%#\r\n]*)'|"([^'"\\{}%#\r\n]*)")"""
_PIECE = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_NAMES = re.compile(rf"\{{\{{\s*({_NAME})(?:\.({_NAME})|\[{_QUOTED}\])(?:\.({_NAME}))?\s*\}}\}}")
_JSON = re.compile(rf"\{{\{{\s*json\({_QUOTED}\)\s*\}}\}}")


def parted(source: str) -> list[str | Names] | None:
    """The texts and references that a text is made of; None where it has anything else."""
    if "{%" in source or "{#" in source or "\r" in source:
        return None
    if (whole := _reference(source)) is not None:
        return [whole]
    parts: list[str | Names] = []
    for piece in filter(None, _PIECE.split(source)):
        found = _reference(piece) if piece.startswith("{{") else piece
        if found is None or (isinstance(found, str) and "{{" in found):
            return None
        parts.append(found)
    return parts


def reader(source: str) -> Reader | None:
    """The reader of a text that is one reference, or references with text around them; None for anything else."""
    parts = parted(source)
    if parts is None:
        return None
    readers = [each if isinstance(each, str) else reference(each, None) for each in parts]
    known = [each for each in readers if each is not None]
    if len(known) < len(parts):
        return None
    only = known[0] if len(known) == 1 else ""
    return joined(known) if isinstance(only, str) else only


def named(source: str) -> list[Names] | None:
    """The names of each reference in a text that has a reader, `("prop", "s3", "bucket")`; None where it has none."""
    parts = parted(source)
    if parts is None or reader(source) is None:
        return None
    return [each for each in parts if not isinstance(each, str) and each[0] != JSON]


def joined(parts: list[Reader | str]) -> Reader:
    """The reader of a text: texts, and what readers give, as text."""
    form = "".join([each.replace("%", "%%") if isinstance(each, str) else "%s" for each in parts])
    readers = [each for each in parts if not isinstance(each, str)]
    most = LARGEST - sum(len(each) for each in parts if isinstance(each, str))

    def read(scope: Scope) -> str:
        texts, room = [], most
        for each in readers:
            text = each(scope)
            if type(text) is not str:
                text = text_of(text)
            if (room := room - len(text)) < 0:
                raise ValueError("too much text")
            texts.append(text)
        return form % tuple(texts)

    return read


def _reference(written: str) -> Names | None:
    if match := _NAMES.fullmatch(written):
        return tuple(each for each in match.groups() if each is not None)
    if match := _JSON.fullmatch(written):
        return JSON, match[1] if match[2] is None else match[2]
    return None
