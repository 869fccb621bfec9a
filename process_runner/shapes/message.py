"""message: replaces documents by a text."""

from __future__ import annotations

from typing import ClassVar

from connector_sdk import Document, Payload, setting
from process_runner.engine.block import Block
from process_runner.engine.combine import combined, joined_lines
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape, Simple
from process_runner.expressions import Expression, Scope, Sight, utf8_of


class Message(Shape):
    """Replaces each document's content by a text; its properties stay."""

    short: ClassVar[str | None] = "text"

    text: Expression = setting("The new content.")
    combine: bool = setting("Make one document of all texts, with a line break between them.", False)

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """Documents with the text as their content."""
        if not self.combine:
            return flow.each(documents, self._write)
        result = flow.group()
        flow.pass_on(combined(flow.transform(documents, self._write), flow, joined_lines), result)
        return result

    def simple(self) -> Simple | None:
        """Writing each document's text, where they stay apart."""
        if self.combine or self.text.has_effects:
            return None
        return Simple(self._write, self._write_all if self.text.has_column else None)

    def _write(self, scope: Scope) -> Document:
        return scope.document.replace(payload=Payload(utf8_of(self.text.text(scope))))

    def _write_all(self, sight: Sight) -> Block:
        texts = self.text.column(sight)
        contents = [utf8_of(texts)] * len(sight.block) if isinstance(texts, str) else list(map(utf8_of, texts))
        return sight.block.replace(contents=contents)
