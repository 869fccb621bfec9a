"""Document caches: documents by key, for as long as the execution lives."""

from __future__ import annotations

import json
import pickle
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from connector_sdk import Document
from connector_sdk.runtime import LocalRuntime, TemporaryFile
from process_runner.engine.shelf import Shelf


class Caches:
    """All the caches of one execution, in one folder. Safe for threads, and for worker processes that share the folder.

    Files of payloads that are cached get a second name in the folder, so they live as long as the entry.
    """

    def __init__(self, runtime: LocalRuntime, folder: Path | None = None) -> None:
        self.folder = folder or runtime.new_path()
        self._runtime = runtime
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None

    def add(self, cache: str, key: str, document: Document) -> None:
        """Add a document under a key, behind those that are there."""
        shelf = self._opened()
        payload = document.payload
        if payload.temporary:
            payload = payload.linked(self.folder / uuid.uuid4().hex, None)
        kept = document.replace(payload=payload, origins=())
        shelf.put(_name(cache, key), pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))

    def documents(self, cache: str, key: str) -> Iterator[Document]:
        """The documents under a key, in the order in which they were added; they outlive their entries."""
        return (self._own(document) for document in self._entries(cache, key))

    def latest(self, cache: str, key: str) -> Document | None:
        """The document that was added last under a key."""
        found = self._opened().last(_name(cache, key)) if self._used() else None
        return pickle.loads(found) if found else None  # noqa: S301  # written above, in a folder only we can enter

    def remove(self, cache: str, key: str) -> None:
        """Forget what is under a key."""
        if not self._used():
            return
        for document in self._entries(cache, key):
            if self._is_here(document):
                TemporaryFile(document.payload.path or self.folder)
        self._opened().remove(_name(cache, key))

    def close(self, *, keep_files: bool = False) -> None:
        """Give back the files, unless another process still needs them."""
        if self._shelf:
            self._shelf.close()
        if not keep_files:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _entries(self, cache: str, key: str) -> Iterator[Document]:
        if self._used():
            for value in self._opened().values(_name(cache, key)):
                yield pickle.loads(value)  # noqa: S301  # as above

    def _own(self, document: Document) -> Document:
        if not self._is_here(document):
            return document
        path = self._runtime.new_path()
        return document.replace(payload=document.payload.linked(path, TemporaryFile(path)))

    def _is_here(self, document: Document) -> bool:
        path = document.payload.path
        return path is not None and path.parent == self.folder

    def _used(self) -> bool:
        return self._shelf is not None or self.folder.exists()

    def _opened(self) -> Shelf:
        with self._lock:
            if self._shelf is None:
                self.folder.mkdir(exist_ok=True)
                self._shelf = Shelf(self.folder / "documents")
            return self._shelf


def _name(cache: str, key: str) -> str:
    return json.dumps([cache, key])
