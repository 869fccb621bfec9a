"""Values that are written as JSON and used as something richer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connector_sdk.settings.errors import REFUSALS, expected, told
from connector_sdk.settings.forms import TYPES, Definitions, Form, is_of


class Parsed(Form):
    """Annotation for a value that is written as JSON and used as something richer.

    `load(value, context)` turns the one into the other and raises ValueError with a text for the author; `schema`
    is the JSON Schema of what is written.
    """

    depends = True

    def __init__(self, schema: Mapping[str, Any], load: Callable[[Any, Any], Any]) -> None:
        types = schema.get("type", ())
        self._types = (types,) if isinstance(types, str) else tuple(types)
        self.written = schema
        self.load = load

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """What is written."""
        return dict(self.written)

    def fits(self, value: Any) -> bool:
        """Whether its type is one of the schema's."""
        return not self._types or any(is_of(value, name) for name in self._types)

    def made(self, value: Any, context: Any) -> Any:
        """What `load` makes of it, where it is of a type that the schema has, or a default of None."""
        if value is not None and not self.fits(value):
            raise expected(TYPES[name].words for name in self._types)
        try:
            return self.load(value, context)
        except REFUSALS as error:
            raise told(error) from error
