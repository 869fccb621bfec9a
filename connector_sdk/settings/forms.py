"""Forms: what a setting may hold, as JSON Schema says it and as Python has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Definitions = dict[str, tuple[type, dict[str, Any]]]
"""Schemas of classes by their names in `$defs`, filled while a schema is made."""

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (Mapping,),
    "array": (list, tuple),
    "null": (type(None),),
}
"""The Python types of JSON Schema's."""


def is_of(value: Any, name: str) -> bool:
    """Whether a value is of a type of JSON Schema; true and false are no numbers there."""
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


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
