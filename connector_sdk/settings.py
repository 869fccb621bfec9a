"""Settings: one pydantic class is the typed object, its JSON Schema and its reference page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic import ValidationError as SettingsError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema, to_jsonable_python

from connector_sdk.migration import Migration

Secret = SecretStr
"""A text that is never shown; `.get_secret_value()` gives it to the one who needs it."""


class Settings(BaseModel):
    """Frozen and strict: an unknown key is an error, a default is validated like a given value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        defer_build=True,
        populate_by_name=True,
    )

    migrations: ClassVar[tuple[Migration, ...]] = ()
    """What older files write, and what becomes of it; in their order."""

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema (2020-12) of these settings as a YAML file writes them, made anew each time."""
        return cls.model_json_schema(schema_generator=_PlainSchema, mode="validation", by_alias=True)


def setting(
    description: str,
    default: Any = ...,
    *,
    dynamic: bool = False,
    examples: list[Any] | None = None,
    alias: str | None = None,
    schema: dict[str, Any] | None = None,
    **limits: Any,
) -> Any:
    """Declare one setting; without a `default` it is required.

    `dynamic` lets a connector step override it per document. `schema` adds keywords to its JSON Schema. `limits` are
    pydantic's: `ge`, `le`, `min_length`, `max_length`, `pattern`.
    """
    extra: dict[str, Any] = {**({"dynamic": True} if dynamic else {}), **(schema or {})}
    return Field(
        default, description=description, examples=examples, alias=alias, json_schema_extra=extra or None, **limits
    )


class Parsed:
    """Annotation for a value that is written as JSON and used as something richer.

    `load(value, context)` turns the one into the other and raises ValueError with a text for the author; `schema`
    is the JSON Schema of what is written.
    """

    def __init__(self, schema: dict[str, Any], load: Callable[[Any, Any], Any]) -> None:
        self.written = schema
        self.load = load

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(lambda value, info: self.load(value, info.context))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(self.written)


class _PlainSchema(GenerateJsonSchema):
    """Without the titles pydantic derives from names: they repeat the key and hide the description in editors.

    Every start makes some, so two of pydantic's ways are cut short: what can be asked for each type is answered once.
    """

    @property
    def mode(self) -> JsonSchemaMode:
        return "validation"

    def encode_default(self, dft: Any) -> Any:
        return to_jsonable_python(dft, by_alias=self.by_alias)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def generate(self, schema: CoreSchema, mode: Any = "validation") -> JsonSchemaValue:
        result = super().generate(schema, mode)
        for part in [result, *result.get("$defs", {}).values()]:
            part.pop("title", None)
        return result


__all__ = ["Parsed", "Secret", "Settings", "SettingsError", "field_validator", "model_validator", "setting"]
