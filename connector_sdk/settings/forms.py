"""Forms: what a setting may hold, as JSON Schema says it and as Python has it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from connector_sdk.settings.errors import SettingsError, expected
from connector_sdk.settings.limits import Limit, Limits

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


class Form(ABC):
    """What a setting may hold."""

    depends: bool = False
    """Whether the same value may become something else another time."""

    @abstractmethod
    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """Its JSON Schema; those of classes go to `definitions`."""

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Whether a written value is of this form and no other: what a choice between forms goes by."""

    @abstractmethod
    def made(self, value: Any, context: Any) -> Any:
        """The typed value of a written one; SettingsError where it cannot be."""


class OfType(Form):
    """What has one type of JSON Schema, and limits if it has any."""

    type: ClassVar[str]
    known: ClassVar[Mapping[str, Limit]] = MappingProxyType({})
    """The limits that it may have."""

    def __init__(self, limits: Mapping[str, Any] | None = None) -> None:
        self._limits = Limits(self.known, limits or {})

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """Its type, with its limits."""
        return {"type": self.type, **self._limits.schema()}

    def fits(self, value: Any) -> bool:
        """Whether it is of the type."""
        return is_of(value, self.type)

    def checked(self, value: Any, typed: Callable[[Any], Any]) -> Any:
        """A value of the type, as `typed` makes it, within its limits; SettingsError otherwise."""
        if not is_of(value, self.type):
            raise not_a(self.type)
        return self._limits.checked(typed(value))
