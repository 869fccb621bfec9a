"""retrieve_from_cache: gets documents back by their key."""

from __future__ import annotations

from collections.abc import Iterable

from connector_sdk import Document, DocumentError, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape
from process_runner.expressions import Expression, Scope


class RetrieveFromCache(Shape):
    """Replaces each document by those in a document cache under its key; it fails where there are none. They carry the
    document's properties, and over them those that they were added with.
    """

    cache: str = setting("Name of the cache.", min_length=1)
    key: Expression = setting("Which documents.")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents of the cache."""
        return flow.each(documents, lambda scope: self._found(scope, flow))

    def _found(self, scope: Scope, flow: Flow) -> Iterable[Document]:
        key, source = self.key.text(scope), scope.document
        found = False
        for document in flow.execution.caches.documents(self.cache, key):
            found = True
            yield source.replace(
                payload=document.payload,
                properties={**source.properties, **document.properties},
                tracked={**source.tracked, **document.tracked},
            )
        if not found:
            raise DocumentError(f"cache '{self.cache}' has nothing under key '{key}'", "NotInCache")
