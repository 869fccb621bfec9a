"""return_documents: hands documents to the caller."""

from __future__ import annotations

from typing import ClassVar

from connector_sdk import setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape


class ReturnDocuments(Shape):
    """Ends the path and hands its documents to the caller: the parent process, or the command line's `--output`."""

    whole: ClassVar[str | None] = "label"

    label: str = setting("Under which name the caller gets them.", "default", min_length=1)

    def run(self, documents: DocumentGroup, flow: Flow) -> None:
        """Nothing travels on here."""
        flow.give_back(self.label, documents)
