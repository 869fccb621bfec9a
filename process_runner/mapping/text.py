"""Any text: by a template, or out of XML by a stylesheet."""

from __future__ import annotations

from typing import Literal

from connector_sdk import Settings, setting
from process_runner.expressions import Expression, Scope, utf8_of
from process_runner.mapping.stylesheet import Xslt
from process_runner.mapping.xml import PARAMETERS, XSLT, transformed


class TextMap(Settings, schema={"x-one-of": ["text", "xslt"]}):
    """Any text."""

    to: Literal["text"] = setting("Any text.")
    text: Expression | None = setting("A template, which may loop: {% for line in json('lines') %}.", None)
    xslt: Xslt | None = setting(f"{XSLT} Its output method is `text`.", None)
    parameters: dict[str, Expression] = setting(PARAMETERS, {})

    def validate(self) -> None:
        if (self.text is None) == (self.xslt is None):
            raise ValueError("a map to text has either 'text' or 'xslt'")

    def content(self, scope: Scope) -> bytes:
        """The new content."""
        if self.text is not None:
            return utf8_of(self.text.text(scope))
        return transformed(self.xslt, self.parameters, scope) if self.xslt else b""
