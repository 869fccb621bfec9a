"""Keywords of JSON Schema that no settings of this project have. A plugin's may; then the library judges by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from process_runner.language.violation import Violation, Violations

if TYPE_CHECKING:
    from process_runner.language.validator import Validator

KEYWORDS = frozenset(
    {
        "allOf",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "multipleOf",
        "not",
        "patternProperties",
        "prefixItems",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)


def violations(validator: Validator, keyword: str, value: Any, schema: Any) -> Violations:
    """What the keyword finds wrong with a value; the schemas inside it are the validator's again."""
    from jsonschema import Draft202012Validator

    found: Iterator[Any] = Draft202012Validator.VALIDATORS[keyword](
        _Lent(validator, schema), schema[keyword], value, schema
    )
    for each in found or ():
        yield each if isinstance(each, Violation) else Violation(each.message, tuple(each.path))


class _Lent(NamedTuple):
    """A validator and a schema, as the library's keywords ask for them."""

    validator: Validator
    schema: Any

    def descend(self, instance: Any, schema: Any, path: Any = None, schema_path: Any = None) -> Violations:
        if path is None:
            return self.validator.violations(instance, schema)
        return self.validator.within(path, instance, schema)

    def is_type(self, instance: Any, name: str) -> bool:
        return self.validator.is_type(instance, name)

    def evolve(self, schema: Any) -> _Lent:
        return self._replace(schema=schema)

    def is_valid(self, instance: Any) -> bool:
        return next(self.validator.violations(instance, self.schema), None) is None
