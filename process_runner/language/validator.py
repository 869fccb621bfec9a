"""Holds values against JSON Schemas. The library that does takes longer to import than most projects to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from process_runner.language import foreign
from process_runner.language.violation import Violation, Violations

Keyword = Callable[["Validator", Any, Any, Any], Violations]
"""What a keyword finds wrong: called with a validator, what stands under the keyword, the value and the schema."""


class Validator:
    """Judges by these keywords, in the order of the schema. What else a schema says asks for nothing."""

    def __init__(self, keywords: Mapping[str, Keyword]) -> None:
        self._keywords = keywords

    def violations(self, value: Any, schema: Any) -> Violations:
        """Everything that is wrong with a value."""
        if schema is False:
            yield Violation("nothing can be written here")
        for name, limit in schema.items() if isinstance(schema, dict) else ():
            if keyword := self._keywords.get(name):
                yield from keyword(self, limit, value, schema)
            elif name in foreign.KEYWORDS:
                yield from foreign.violations(self, name, value, schema)

    def within(self, key: str | int, value: Any, schema: Any) -> Violations:
        """The same for what stands under a key of the value."""
        return (each.below(key) for each in self.violations(value, schema))

    def is_type(self, value: Any, name: str) -> bool:
        """Whether a value is of a JSON type."""
        if name not in _TYPES:
            raise UnknownType(f"'{name}' is none of {', '.join(_TYPES)}")
        return _TYPES[name](value)


class UnknownType(Exception):
    """A schema names a type that JSON does not have."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "string": lambda value: isinstance(value, str),
        "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
        "number": _is_number,
        "boolean": lambda value: isinstance(value, bool),
        "object": lambda value: isinstance(value, dict),
        "array": lambda value: isinstance(value, list),
        "null": lambda value: value is None,
    }
)
