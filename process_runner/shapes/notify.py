"""notify: writes to the execution's log."""

from __future__ import annotations

import logging
from typing import ClassVar, Literal

from connector_sdk import Document, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Expression, Scope

log = logging.getLogger("process_runner.notify")

Level = Literal["info", "warning", "error"]


class Notify(Shape):
    """Writes a line to the execution's log; documents pass untouched. A warning or error shows in the outcome."""

    short: ClassVar[str | None] = "text"

    text: Expression = setting("What to write.")
    title: Expression | None = setting("Written before the text.", None)
    level: Level = setting("How serious it is.", "info")
    once: bool = setting("Write a single time in an execution, for the first document.", False)

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The same documents."""
        is_over = False

        def write(scope: Scope) -> Document:
            nonlocal is_over
            if not is_over:
                self._write(scope, flow)
                is_over = self.once
            return scope.document

        return flow.each(documents, write)

    def _write(self, scope: Scope, flow: Flow) -> None:
        title = f"{self.title.text(scope)}: " if self.title else ""
        text = self.text.text(scope)
        if self.once and not flow.execution.once.is_first(flow.step.label):
            return
        log.log(logging.getLevelNamesMapping()[self.level.upper()], "%s%s", title, text)
        if self.level != "info":
            flow.execution.report.warned = True
