"""JSON Schemas that documents are held against."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from connector_sdk import Parsed
from process_runner.language.beside import read_beside

LONGEST = 300
"""Characters of one violation; what goes beyond is mostly the document itself."""

_DATA = ("const", "default", "enum", "examples")
"""Keywords whose values are no schemas."""


class JsonSchema:
    """A schema; references lead into it and nowhere else. It pickles as what was written."""

    def __init__(self, written: Any) -> None:
        self._written = written
        self._validator: Any = None

    def violations(self, value: Any) -> list[str]:
        """Every violation, as `$.lines[0].count: -1 is less than the minimum of 0`, in the order of the value."""
        errors = sorted(self._judge().iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path])
        return [f"{error.json_path}: {_shortened(error.message)}" for error in errors]

    def check(self) -> None:
        """ValueError where this is no schema, or refers to something that is not in it."""
        from jsonschema import SchemaError
        from referencing import Registry
        from referencing.exceptions import Unresolvable
        from referencing.jsonschema import DRAFT202012

        try:
            self._judge().check_schema(self._written)
            resource = DRAFT202012.create_resource(self._written)
            base = resource.id() or ""
            registry: Registry[Any] = Registry().with_resource(base, resource)
            for reference in _references(self._written):
                registry.resolver(base).lookup(reference)
        except SchemaError as error:
            raise ValueError(f"this is no JSON Schema: {error.json_path}: {_shortened(error.message)}") from error
        except Unresolvable as error:
            raise ValueError(f"the schema refers to '{error.ref}', which is not in it; put it under $defs") from error

    def _judge(self) -> Any:
        if self._validator is None:
            from jsonschema import Draft202012Validator
            from jsonschema.validators import validator_for
            from referencing import Registry

            kind: Any = validator_for(self._written, default=Draft202012Validator)
            # a registry of our own, as the default one would fetch what a schema refers to
            self._validator = kind(self._written, registry=Registry(), format_checker=kind.FORMAT_CHECKER)
        return self._validator

    def __getstate__(self) -> Any:
        return self._written

    def __setstate__(self, written: Any) -> None:
        self.__init__(written)  # type: ignore[misc]  # a schema is what was written


def _references(schema: Any) -> Iterator[str]:
    """The references that count from the schema's own address; below another `$id` they would not."""
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for key, each in schema.items():
            if key not in ("const", "default", "enum", "examples") and not (
                isinstance(each, Mapping) and "$id" in each
            ):
                yield from _references(each)


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST else f"...{message[-LONGEST:]}"


def _load(written: Any, context: Any) -> JsonSchema:
    if isinstance(written, str):
        text = read_beside(written, context)
        try:
            written = json.loads(text)
        except ValueError as error:
            raise ValueError(f"{written} is no JSON: {error}") from error  # settings collect ValueError
    schema = JsonSchema(written)
    schema.check()
    return schema


_WRITTEN = {"type": ["string", "object"], "examples": ["order.schema.json"]}

WrittenSchema = Annotated[JsonSchema, Parsed(_WRITTEN, _load)]
"""A setting that is a JSON Schema: a file beside the process, or the schema itself."""
