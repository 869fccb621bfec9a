"""XML out of XML by a stylesheet, or out of anything field by field."""

from __future__ import annotations

from typing import Any, Literal

from connector_sdk import DocumentError, Settings, setting
from process_runner.expressions import Expression, Scope, text_of
from process_runner.mapping.fields import WrittenFields, values
from process_runner.mapping.stylesheet import Xslt

XSLT = "An XSLT 1.0 stylesheet: a file beside the process, or its text. It can open no file and no address."
PARAMETERS = "Parameters of the stylesheet, as texts."


class XmlMap(Settings, schema={"x-one-of": ["xslt", "fields"]}):
    """XML."""

    to: Literal["xml"] = setting("XML.")
    xslt: Xslt | None = setting(XSLT, None)
    parameters: dict[str, Expression] = setting(PARAMETERS, {})
    root: str = setting("The name of the root element, for `fields`.", "document")
    fields: WrittenFields | None = setting(
        "Elements and the expressions of their content, nested as the result shall be; `@NAME` is an attribute, a "
        "list repeats its element.",
        None,
    )

    def validate(self) -> None:
        if (self.xslt is None) == (self.fields is None):
            raise ValueError("a map to XML has either 'xslt' or 'fields'")

    def content(self, scope: Scope) -> bytes:
        """The new content."""
        if self.xslt is not None:
            return transformed(self.xslt, self.parameters, scope)
        return built(self.root, values(self.fields or {}, scope))


def transformed(xslt: Xslt, parameters: dict[str, Expression], scope: Scope) -> bytes:
    """What the stylesheet makes of the document; DocumentError where that is nothing."""
    given = {name: each.text(scope) for name, each in parameters.items()}
    made = xslt.apply(scope.content(), given)
    if not made:
        raise DocumentError("the stylesheet made nothing of the document", "StylesheetFailed")
    return made


def built(root: str, value: dict[str, Any]) -> bytes:
    """An element with a declaration before it; DocumentError for names and characters that XML does not have."""
    from lxml import etree

    try:
        element = etree.Element(root)
        _fill(element, value)
    except ValueError as error:
        raise DocumentError(f"XML cannot hold this: {error}", "InvalidXml") from error
    return bytes(etree.tostring(element, encoding="utf-8", xml_declaration=True))


def _fill(element: Any, value: Any) -> None:
    from lxml import etree

    if not isinstance(value, dict):
        element.text = "" if value is None else text_of(value)
        return
    for name, inner in value.items():
        if name.startswith("@"):
            element.set(name[1:], text_of(inner))
            continue
        for each in inner if isinstance(inner, list) else [inner]:
            _fill(etree.SubElement(element, name), each)
