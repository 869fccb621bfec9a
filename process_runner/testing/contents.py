"""Documents in test files: those that go in, and those that have to come out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Annotated, Any

from connector_sdk import Document, Parsed, Payload, Settings, setting, settings
from process_runner.expressions import text_of
from process_runner.language.beside import read_beside

KINDS = ("text", "json_", "base64", "file")


def _bytes(written: Any, _: Any) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except ValueError as error:
        raise ValueError(f"this is not base64: {error}") from error  # settings collect ValueError


def _file(written: Any, context: Any) -> str:
    return read_beside(str(written), context)


Base64 = Annotated[bytes, Parsed({"type": "string"}, _bytes)]
TextFile = Annotated[str, Parsed({"type": "string"}, _file)]


class Content(Settings):
    """A document: at most one of `text`, `json`, `base64` and `file`, and properties."""

    text: str | None = setting("Its content as text.", None)
    json_: Any = setting("Its content as a JSON value.", None, alias="json")
    base64: Base64 | None = setting("Its content as base64.", None)
    file: TextFile | None = setting("A text file beside the test that holds its content.", None)
    properties: dict[str, str | int | float | bool] = setting(
        "Properties: `NAME` a dynamic one, `CONNECTOR.NAME` a connector's.", {}
    )

    def validate(self) -> None:
        if len(given := self.given) > 1:
            raise ValueError(f"a document has one content, not {' and '.join(given)}")

    @property
    def given(self) -> list[str]:
        """The kinds of content that are written."""
        return [kind.rstrip("_") for kind in KINDS if kind in settings.given(self)]

    @property
    def content(self) -> bytes:
        """The bytes."""
        if self.base64 is not None:
            return self.base64
        if "json" in self.given:
            return json.dumps(self.json_, ensure_ascii=False).encode()
        return (self.text if self.text is not None else self.file or "").encode()

    def document(self) -> Document:
        """The document."""
        texts = {name: text_of(value) for name, value in self.properties.items()}
        dynamic = {name: text for name, text in texts.items() if "." not in name}
        tracked = {name: text for name, text in texts.items() if "." in name}
        return Document(Payload(self.content), dynamic, tracked)

    def differences(self, found: Document) -> Iterator[tuple[str, str, str]]:
        """What differs in a document: where, what was expected, what was found. Properties not written may be any."""
        if "json" in self.given:
            yield from _json_difference(self.json_, found.payload.read())
        elif self.given and self.content != found.payload.read():
            yield "content", readable(self.content), readable(found.payload.read())
        there = {**found.properties, **found.tracked}
        for name, value in self.properties.items():
            if there.get(name) != text_of(value):
                yield f"property {name}", text_of(value), there.get(name, "(not set)")


def readable(content: bytes) -> str:
    """Bytes as a text for people: UTF-8 where they are, else as Python writes them."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return repr(content)


def _json_difference(expected: Any, content: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        found = json.loads(content)
    except ValueError:
        yield "content", _pretty(expected), f"{readable(content)}\n(this is no JSON)"
        return
    if found != expected or _pretty(found) != _pretty(expected):
        yield "content", _pretty(expected), _pretty(found)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)


def as_document(written: str | Content) -> Content:
    """A document that may be written as a mere text."""
    return Content(text=written) if isinstance(written, str) else written
