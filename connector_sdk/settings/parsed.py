"""Values that are written as JSON and used as something richer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connector_sdk.settings.errors import SettingsError, refused
from connector_sdk.settings.forms import Definitions, Form, is_of


class Parsed(Form):
    """Annotation for a value that is written as JSON and used as something richer.

    `load(value, context)` turns the one into the other and raises ValueError with a text for the author; `schema`
    is the JSON Schema of what is written.
    """

    depends = True

    def __init__(self, schema: Mapping[str, Any], load: Callable[[Any, Any], Any]) -> None:
        self.written = schema
        self.load = load

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """What is written."""
        return dict(self.written)

    def fits(self, value: Any) -> bool:
        """Whether its type is one of the schema's."""
        types = self.written.get("type", ())
        return not types or any(is_of(value, name) for name in ([types] if isinstance(types, str) else types))

    def made(self, value: Any, context: Any) -> Any:
        """What `load` makes of it."""
        try:
            return self.load(value, context)
        except SettingsError:
            raise
        except ValueError as error:
            raise refused(str(error), told=True) from error
