"""Any text: by a template, or out of XML by a stylesheet."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from connector_sdk import Settings, model_validator, setting
from process_runner.expressions import Expression, Scope, utf8_of
from process_runner.mapping.stylesheet import Xslt
from process_runner.mapping.xml import PARAMETERS, XSLT, transformed


class TextMap(Settings):
    """Any text."""

    model_config: ClassVar[Any] = {"json_schema_extra": {"x-one-of": ["text", "xslt"]}}

    to: Literal["text"] = setting("Any text.")
    text: Expression | None = setting("A template, which may loop: {% for line in json('lines') %}.", None)
    xslt: Xslt | None = setting(f"{XSLT} Its output method is `text`.", None)
    parameters: dict[str, Expression] = setting(PARAMETERS, {})

    @model_validator(mode="after")
    def _one_way(self) -> TextMap:
        if (self.text is None) == (self.xslt is None):
            raise ValueError("a map to text has either 'text' or 'xslt'")
        return self

    def content(self, scope: Scope) -> bytes:
        """The new content."""
        if self.text is not None:
            return utf8_of(self.text.text(scope))
        return transformed(self.xslt, self.parameters, scope) if self.xslt else b""
