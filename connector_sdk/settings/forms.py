"""Forms: what a setting may hold, as JSON Schema says it and as Python has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from connector_sdk.settings.errors import SettingsError, expected

Definitions = dict[str, tuple[type, dict[str, Any]]]
"""Schemas of classes by their names in `$defs`, filled while a schema is made."""


class Type(NamedTuple):
    """A type of JSON Schema: what Python has for it, and people."""

    of: tuple[type, ...]
    words: str


TYPES: Mapping[str, Type] = {
    "string": Type((str,), "a text"),
    "integer": Type((int,), "a whole number"),
    "number": Type((int, float), "a number"),
    "boolean": Type((bool,), "true or false"),
    "object": Type((Mapping,), "a mapping"),
    "array": Type((list, tuple), "a list"),
    "null": Type((type(None),), "nothing"),
}


def is_of(value: Any, name: str) -> bool:
    """Whether a value is of a type of JSON Schema; true and false are no numbers there."""
    return isinstance(value, TYPES[name].of) and (name == "boolean" or not isinstance(value, bool))


def not_a(name: str) -> SettingsError:
    """The error of a value that is not of a type of JSON Schema."""
    return expected([TYPES[name].words])


class Form:
    """What a setting may hold."""

    depends: bool = False
    """Whether the same value may become something else another time."""

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """Its JSON Schema; those of classes go to `definitions`."""
        raise NotImplementedError

    def fits(self, value: Any) -> bool:
        """Whether a written value is of this form and no other: what a choice between forms goes by."""
        raise NotImplementedError

    def made(self, value: Any, context: Any) -> Any:
        """The typed value of a written one; SettingsError where it cannot be."""
        raise NotImplementedError
