"""add_to_cache: keeps documents under a key."""

from __future__ import annotations

from connector_sdk import Document, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Expression, Scope


class AddToCache(Shape):
    """Adds each document to a document cache, which lives as long as the execution; documents pass untouched."""

    cache: str = setting("Name of the cache.", min_length=1)
    key: Expression = setting("Under which key; several documents may share one.")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The same documents."""

        def add(scope: Scope) -> Document:
            flow.execution.caches.add(self.cache, self.key.text(scope), scope.document)
            return scope.document

        return flow.each(documents, add)
