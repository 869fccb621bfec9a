"""exception: fails documents, or halts the process."""

from __future__ import annotations

from typing import ClassVar, Literal

from connector_sdk import Document, DocumentError, ProcessError, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Expression, Scope, Template

CODE = "Exception"


class ExceptionShape(Shape):
    """Fails every document that comes here, or halts the whole process."""

    short: ClassVar[str | None] = "message"

    message: Expression = setting("Why, for people.", "the process raised an exception")
    title: Expression | None = setting("Written before the message.", None)
    stop: Literal["document", "process"] = setting("What fails.", "document")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """An empty group."""
        return flow.each(documents, self._raise)

    def _raise(self, scope: Scope) -> Document:
        text = _joined(self.title, self.message, scope)
        if self.stop == "process":
            raise ProcessError(text, CODE)
        raise DocumentError(text, CODE)


def _joined(title: Template | None, message: Template, scope: Scope) -> str:
    return f"{title.text(scope)}: {message.text(scope)}" if title else message.text(scope)
