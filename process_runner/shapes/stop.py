"""stop: a successful end."""

from __future__ import annotations

from typing import ClassVar, Literal

from connector_sdk import setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.engine.walker import StopProcess


class Stop(Shape):
    """Ends the path well: `continue` lets other paths go on, `process` ends the whole process."""

    whole: ClassVar[str | None] = "mode"

    mode: Literal["continue", "process"] = setting("What ends.", "continue")

    def run(self, documents: DocumentGroup, flow: Flow) -> None:
        """Nothing travels on."""
        flow.end(documents)
        if self.mode == "process":
            raise StopProcess
