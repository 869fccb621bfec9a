"""start: where documents come from."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

from connector_sdk import Document, DocumentError, Payload, Settings, setting
from connector_sdk.settings import given
from process_runner.engine.call import Call
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Fault, Shape
from process_runner.expressions import text_of
from process_runner.language.project import Process, Project
from process_runner.shapes.connector import call_faults


class InlineDocument(Settings, schema={"x-at-most-one-of": ["text", "json", "base64", "file"]}):
    """A document written in the process: one of `text`, `json`, `base64` or `file`."""

    text: str | None = setting("Its content as text.", None)
    json_: Any = setting("Its content as a JSON value.", None, alias="json")
    base64: str | None = setting("Its content as base64.", None)
    file: str | None = setting("A file that holds its content, from the working directory.", None)
    properties: dict[str, str | int | float | bool] = setting("Dynamic document properties.", {})

    def document(self) -> Document:
        """The document; DocumentError where its content cannot be had."""
        properties = {name: text_of(value) for name, value in self.properties.items()}
        return Document(self._payload(), properties)

    def _payload(self) -> Payload:
        if self.file is not None:
            try:
                return Payload.file(Path(self.file))
            except OSError as error:
                raise DocumentError(f"cannot read {self.file}: {error.strerror}", "FileUnreadable") from error
        if self.base64 is not None:
            return Payload(base64.b64decode(self.base64))
        if "json_" in given(self):
            return Payload(json.dumps(self.json_, ensure_ascii=False).encode())
        return Payload((self.text or "").encode())


class Documents(Settings):
    """Documents written in the process."""

    documents: list[str | InlineDocument] = setting("The documents, each a text or a mapping.", min_length=1)


class Start(Shape):
    """Says where documents come from: `no_data` (one empty document), `passthrough` (the caller's), a connector, or
    documents written here.
    """

    whole: ClassVar[str | None] = "source"

    source: Literal["no_data", "passthrough"] | Call | Documents = setting("Where documents come from.", "no_data")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The first documents of the execution."""
        if isinstance(self.source, Call):
            started = self.source.run(documents, flow)
            flow.execution.started_with(started, flow.count.failed)
            return started
        started = flow.group()
        flow.pass_on(self._given(documents, flow), started)
        flow.execution.started_with(started, flow.count.failed)
        return started

    def faults(self, project: Project) -> Iterator[Fault]:
        """The call's, and inline documents without a content that can be read."""
        if isinstance(self.source, Call):
            yield from call_faults(self.source, project)
        if isinstance(self.source, Documents):
            for index, written in enumerate(self.source.documents):
                if isinstance(written, InlineDocument):
                    yield from (fault.below("documents", index) for fault in _inline_faults(written))

    def _given(self, first: DocumentGroup, flow: Flow) -> Iterator[Document]:
        if self.source == "no_data":
            yield from first
            return
        if self.source == "passthrough":
            for number, document in enumerate(flow.execution.options.documents, 1):
                flow.walker.check()
                yield document if document.id else document.replace(id=str(number))
            return
        for source in first:
            yield from self._written(source, flow)

    def _written(self, source: Document, flow: Flow) -> Iterator[Document]:
        written = self.source.documents if isinstance(self.source, Documents) else []
        for number, each in enumerate(written, 1):
            flow.walker.check()
            place = source.replace(id=f"{source.id}.{number}" if flow.execution.caller else str(number))
            try:
                content = _inline(each)
                yield place.replace(payload=content.payload, properties=content.properties)
            except DocumentError as error:
                flow.fail(place, error)


def _inline(written: str | InlineDocument) -> Document:
    return Document(Payload(written.encode())) if isinstance(written, str) else written.document()


def _inline_faults(written: InlineDocument) -> Iterator[Fault]:
    contents = given(written) & {"text", "json_", "base64", "file"}
    if len(contents) > 1:
        yield Fault((), "an inline document has one content: text, json, base64 or file")
    if written.base64 is not None:
        try:
            base64.b64decode(written.base64, validate=True)
        except ValueError as error:  # also binascii.Error
            yield Fault(("base64",), f"this is not base64: {error}")


def takes_documents(process: Process) -> bool:
    """Whether the caller's documents have a reader: the process starts with `passthrough`."""
    first = process.steps[0].shape
    return isinstance(first, Start) and first.source == "passthrough"
