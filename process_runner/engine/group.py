"""DocumentGroup: the documents between two steps; past a limit they lie on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from connector_sdk import Document
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.spilled import Spilled

MOST_DOCUMENTS = 5_000
MOST_BYTES = 16 << 20


def weight(document: Document) -> int:
    """How much of a document is held in memory, roughly in bytes."""
    payload, properties, tracked = document.payload, document.properties, document.tracked
    found = payload.size if payload.in_memory else 0
    for text in properties.values():
        found += len(text)
    if tracked:
        for text in tracked.values():
            found += len(text)
    return found


class DocumentGroup:
    """Append-only, and iterated as often as needed. Holds at most 5,000 documents or 16 MiB of content in memory.

    Temporary files of payloads that go to disk with it get a second name in the group's own folder, so they live
    exactly as long as the longest-lived group that needs them.
    """

    def __init__(self, runtime: LocalRuntime) -> None:
        self._runtime = runtime
        self._recent: list[Document] = []
        self._recent_bytes = 0
        self._spilled: Spilled | _Part | None = None
        self._count = 0

    def append(self, document: Document) -> None:
        """Add one document at the end."""
        recent = self._recent
        recent.append(document)
        self._count += 1
        self._recent_bytes += weight(document)
        if len(recent) >= MOST_DOCUMENTS or self._recent_bytes >= MOST_BYTES:
            self._spill()

    def extend(self, documents: Iterable[Document]) -> None:
        """Add documents at the end, in their order."""
        for document in documents:
            self.append(document)

    def add(self, documents: list[Document], weight: int) -> None:
        """Add documents at the end, whose `weight` is known."""
        self._recent += documents
        self._count += len(documents)
        self._recent_bytes += weight
        if len(self._recent) >= MOST_DOCUMENTS or self._recent_bytes >= MOST_BYTES:
            self._spill()

    def take(self, other: DocumentGroup) -> None:
        """Add all the documents of a group that nobody uses any more; an empty one becomes what the other was."""
        if self._count:
            self.extend(other)
            return
        self._recent, self._recent_bytes = other._recent, other._recent_bytes
        self._spilled, self._count = other._spilled, other._count

    def cut(self, count: int) -> None:
        """Forget all documents but the first `count`."""
        on_disk = self._count - len(self._recent)
        if isinstance(self._spilled, Spilled) and count < on_disk:
            kept = self._spilled.cut(count)
        else:
            kept = self._recent[: count - on_disk]
        self._recent, self._recent_bytes, self._count = [], 0, count - len(kept)
        self.extend(kept)

    def part(self, start: int, stop: int) -> DocumentGroup:
        """The documents from place `start` (from 0) up to `stop`, only to be read; nothing is copied."""
        part = DocumentGroup(self._runtime)
        on_disk = self._count - len(self._recent)
        if self._spilled and start < on_disk:
            part._spilled = _Part(self._spilled, start, min(stop, on_disk))
        part._recent = self._recent[max(start - on_disk, 0) : max(stop - on_disk, 0)]
        part._count = max(min(stop, self._count) - start, 0)
        return part

    @property
    def is_plain(self) -> bool:
        """Whether it holds everything in memory, but for files that are not its own."""
        return self._spilled is None and not any(document.payload.temporary for document in self._recent)

    def packed(self) -> Spilled:
        """All the documents, copied to a folder of their own."""
        copy = DocumentGroup(self._runtime)
        copy.extend(self)
        copy._spill()
        if not isinstance(copy._spilled, Spilled):
            raise AssertionError("a group that has spilled is on disk")
        return copy._spilled

    @classmethod
    def unpacked(cls, spilled: Spilled, runtime: LocalRuntime) -> DocumentGroup:
        """A group of the documents in a folder."""
        group = cls(runtime)
        group._spilled = spilled
        group._count = len(spilled)
        return group

    def __iter__(self) -> Iterator[Document]:
        return iter(self._recent) if self._spilled is None else chain.from_iterable(self.blocks())

    def blocks(self) -> Iterator[Iterable[Document]]:
        """The same documents, as many at a time as are in memory together."""
        return iter((self._recent,)) if self._spilled is None else chain(self._spilled.read(0), (self._recent,))

    def __len__(self) -> int:
        return self._count

    def _spill(self) -> None:
        if not isinstance(self._spilled, Spilled):
            self._spilled = Spilled.new(self._runtime.new_path())
        self._spilled.write(self._recent)
        self._recent = []
        self._recent_bytes = 0


class _Part:
    """Consecutive documents of a spilled group."""

    def __init__(self, whole: Spilled | _Part, start: int, stop: int) -> None:
        self._whole = whole
        self._start = start
        self._stop = stop

    def read(self, start: int) -> Iterator[Iterable[Document]]:
        """The documents from place `start` of this part on, block by block."""
        rest = self._stop - self._start - start
        for block in self._whole.read(self._start + start):
            if rest <= 0:
                return
            documents = list(islice(block, rest))
            rest -= len(documents)
            yield documents
