"""data_process: works on the content of documents, one operation after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import Document, Settings, setting
from process_runner.engine.combine import combined
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Scope
from process_runner.formats import Combine, Split


class SplitOperation(Settings):
    """Makes several documents of one."""

    split: Split = setting("Where one part ends and the next begins.", discriminator="format")

    def apply(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The parts; a document that cannot be split fails, and no part of it goes on."""
        return flow.transform(documents, lambda scope: self._parts(scope, flow))

    def _parts(self, scope: Scope, flow: Flow) -> Iterator[Document]:
        for part in self.split.split(scope.document.payload):
            yield scope.document.replace(payload=flow.execution.runtime.store([part]))


class CombineOperation(Settings):
    """Makes one document of all; it keeps the properties on which all documents agree."""

    combine: Combine = setting("How contents are put together.", discriminator="format")

    def apply(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The one document."""
        return combined(documents, flow, self.combine.combine)


class DataProcess(Shape):
    """Works on the content of documents: a list of operations, applied in order."""

    whole: ClassVar[str | None] = "operations"

    operations: tuple[SplitOperation | CombineOperation, ...] = setting("What to do, in order.", min_length=1)

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents after the last operation."""
        for operation in self.operations:
            documents = operation.apply(documents, flow)
        result = flow.group()
        flow.pass_on(documents, result)
        return result
