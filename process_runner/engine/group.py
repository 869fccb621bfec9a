"""DocumentGroup: the documents between two steps; past a limit they lie on disk."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime

MOST_DOCUMENTS = 5_000
MOST_BYTES = 16 << 20


class DocumentGroup:
    """Append-only, and iterated as often as needed. Holds at most 5,000 documents or 16 MiB of content in memory.

    Temporary files of payloads that go to disk with it get a second name in the group's own folder, so they live
    exactly as long as the longest-lived group that needs them.
    """

    def __init__(self, runtime: LocalRuntime) -> None:
        self._runtime = runtime
        self._recent: list[Document] = []
        self._recent_bytes = 0
        self._spilled: _Spilled | None = None
        self._count = 0

    def append(self, document: Document) -> None:
        """Add one document at the end."""
        self._recent.append(document)
        self._count += 1
        self._recent_bytes += _weight(document)
        if len(self._recent) >= MOST_DOCUMENTS or self._recent_bytes >= MOST_BYTES:
            self._spill()

    def extend(self, documents: Iterable[Document]) -> None:
        """Add documents at the end, in their order."""
        for document in documents:
            self.append(document)

    def __iter__(self) -> Iterator[Document]:
        if self._spilled:
            yield from self._spilled
        yield from self._recent

    def __len__(self) -> int:
        return self._count

    def _spill(self) -> None:
        if self._spilled is None:
            self._spilled = _Spilled(self._runtime.new_path())
        self._spilled.write(self._recent)
        self._recent = []
        self._recent_bytes = 0


class _Spilled:
    """Documents in a folder: one file of pickled blocks, and links to the temporary files of their payloads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._blocks = folder / "documents"
        self._links = 0

    def write(self, documents: list[Document]) -> None:
        with open(self._blocks, "ab") as stream:
            pickle.dump([self._adopt(document) for document in documents], stream, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Document]:
        with open(self._blocks, "rb") as stream:
            while stream.peek(1):
                for document in pickle.load(stream):  # noqa: S301  # written above, in a folder only we can enter
                    yield self._hold(document)

    def _adopt(self, document: Document) -> Document:
        if not document.payload.temporary:
            return document
        self._links += 1
        return document.replace(payload=document.payload.linked(self._folder / str(self._links), self))

    def _hold(self, document: Document) -> Document:
        path = document.payload.path
        if path is None or path.parent != self._folder:
            return document
        return document.replace(payload=Payload.file(path, self))

    def __del__(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _weight(document: Document) -> int:
    content = document.payload.size if document.payload.path is None else 0
    return content + sum(map(len, document.properties.values()))
