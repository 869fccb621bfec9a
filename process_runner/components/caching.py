"""caching: the documents that an operation returned, added to a document cache of the execution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from connector_sdk import Document, Settings, setting
from process_runner.components.scopes import moved
from process_runner.expressions import Expression, Scope

if TYPE_CHECKING:
    from process_runner.engine.answers import Answered
    from process_runner.engine.flow import Flow


class Caching(Settings):
    """Adds each document that the operation returned to a document cache, as a step `add_to_cache` after it would."""

    cache: str = setting("Name of the cache.", min_length=1)
    key: Expression = setting("Under which key, computed from the document that was returned.")


class Cached:
    """The cache that the documents of one step are added to."""

    def __init__(self, settings: Caching, flow: Flow) -> None:
        self._settings = settings
        self._flow = flow

    def add(self, documents: Answered) -> None:
        """Add documents; DocumentError, and none is added, where a key cannot be computed."""
        if len(documents) > 1:
            for _ in self._keys(documents):
                pass
        for key, document in self._keys(documents):
            self._flow.execution.caches.add(self._settings.cache, key, document)

    def _keys(self, documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
        scope = Scope(self._flow.execution.facts)
        for index, document in enumerate(documents, 1):
            with moved(scope, document, index):
                key = self._settings.key.text(scope)
            yield key, document
