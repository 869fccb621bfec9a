"""remove_from_cache: forgets documents by their key."""

from __future__ import annotations

from connector_sdk import Document, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Expression, Scope


class RemoveFromCache(Shape):
    """Forgets what a document cache has under the key of each document; documents pass untouched."""

    cache: str = setting("Name of the cache.", min_length=1)
    key: Expression = setting("Which documents are forgotten.")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The same documents."""

        def remove(scope: Scope) -> Document:
            flow.execution.caches.remove(self.cache, self.key.text(scope))
            return scope.document

        return flow.each(documents, remove)
