"""JSON out of JSON or CSV: by a JMESPath, or field by field."""

from __future__ import annotations

import json
from typing import Any, Literal

from connector_sdk import DocumentError, Settings, setting
from process_runner.expressions import Scope, text_of
from process_runner.mapping.fields import WrittenFields, values
from process_runner.mapping.rows import From, JmesPath, found

FROM = "What the document is: JSON, or CSV with a header, whose rows are mappings from column to text."
DELIMITER = "The character between two fields of the CSV that is read."


class JsonMap(Settings, schema={"x-at-most-one-of": ["jmespath", "fields"]}):
    """JSON. Without `jmespath` and `fields` the document as it is, which makes an array of a CSV."""

    to: Literal["json"] = setting("JSON.")
    from_: From = setting(FROM, "json", alias="from")
    delimiter: str = setting(DELIMITER, ",", min_length=1, max_length=1)
    jmespath: JmesPath | None = setting("What to take from the document.", None)
    fields: WrittenFields | None = setting("Names and expressions, nested as the result shall be.", None)

    def validate(self) -> None:
        if self.jmespath is not None and self.fields is not None:
            raise ValueError("a map has one of 'jmespath' and 'fields'")

    def content(self, scope: Scope) -> bytes:
        """The new content."""
        if self.fields is not None:
            return encoded(values(self.fields, scope))
        return encoded(found(scope, self.from_, self.delimiter, self.jmespath or "@"))


def encoded(value: Any) -> bytes:
    """A value as JSON in UTF-8; DocumentError for what JSON cannot hold."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=text_of).encode()
    except ValueError as error:
        raise DocumentError(f"JSON cannot hold a value: {error}", "NoValue") from error
