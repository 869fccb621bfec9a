"""A value that is declared where it stands, such as the items of a list."""

from __future__ import annotations

from typing import Any

from connector_sdk.settings.field import Declared
from connector_sdk.settings.forms import Definitions, Form


class Described(Form):
    """A form with what `setting` said of it: `list[Annotated[float, setting("Seconds.", ge=0)]]`."""

    def __init__(self, form: Form, declared: Declared) -> None:
        self._form = form
        self._declared = declared
        self.depends = form.depends

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """That of its form, with the description."""
        return {
            **self._form.schema(definitions),
            "description": self._declared.description,
            **self._declared.keywords,
        }

    def fits(self, value: Any) -> bool:
        """Whether it fits its form."""
        return self._form.fits(value)

    def made(self, value: Any, context: Any) -> Any:
        """What its form makes of it, checked."""
        return self._declared.checked(self._form.made(value, context))
