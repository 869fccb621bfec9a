"""DocumentGroup: the documents between two steps; past a limit they lie on disk."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterable, Iterator
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path

from connector_sdk import Document, Payload
from connector_sdk.document import NOTHING
from connector_sdk.payload import Packed
from connector_sdk.runtime import LocalRuntime

MOST_DOCUMENTS = 5_000
MOST_BYTES = 16 << 20

Block = tuple[int, int]
"""Where a block of documents begins in its file, and how many it holds."""

_Packed = tuple[bytes | Packed, bool, dict[str, str], dict[str, str] | None, str, tuple[int, ...]]
"""A payload and whether its file is the group's own, properties, tracked properties, id and origins."""


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
        recent, payload, properties, tracked = self._recent, document.payload, document.properties, document.tracked
        recent.append(document)
        self._count += 1
        if payload.in_memory:
            self._recent_bytes += payload.size
        if properties:
            self._recent_bytes += sum(map(len, properties.values()))
        if tracked:
            self._recent_bytes += sum(map(len, tracked.values()))
        if len(recent) >= MOST_DOCUMENTS or self._recent_bytes >= MOST_BYTES:
            self._spill()

    def extend(self, documents: Iterable[Document]) -> None:
        """Add documents at the end, in their order."""
        for document in documents:
            self.append(document)

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
        return iter(self._recent) if self._spilled is None else chain(self._spilled, self._recent)

    def __len__(self) -> int:
        return self._count

    def _spill(self) -> None:
        if not isinstance(self._spilled, Spilled):
            self._spilled = Spilled.new(self._runtime.new_path())
        self._spilled.write(self._recent)
        self._recent = []
        self._recent_bytes = 0


class Spilled:
    """Documents in a folder: one file of pickled blocks, and links to the temporary files of their payloads."""

    def __init__(self, folder: Path, blocks: Iterable[Block] = ()) -> None:
        """The documents of these blocks in an existing folder, which belongs to this object from now on."""
        self._folder: Path | None = folder
        self._file = folder / "documents"
        self._blocks = list(blocks)
        self._links = 0

    @classmethod
    def new(cls, folder: Path) -> Spilled:
        """No documents yet, in a new folder."""
        folder.mkdir()
        return cls(folder)

    def given_away(self) -> tuple[Path, tuple[Block, ...]]:
        """The folder and its blocks, for another object to own."""
        folder, self._folder = self._file.parent, None
        return folder, tuple(self._blocks)

    def __len__(self) -> int:
        return sum(count for _, count in self._blocks)

    def write(self, documents: list[Document]) -> None:
        """Add a block."""
        with open(self._file, "ab") as stream:
            self._blocks.append((stream.tell(), len(documents)))
            pickle.dump([self._packed(document) for document in documents], stream, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Document]:
        return self.read(0)

    def read(self, start: int) -> Iterator[Document]:
        """The documents from place `start` on; blocks before it are not read."""
        for offset, count in self._blocks:
            if start < count:
                with open(self._file, "rb") as stream:
                    stream.seek(offset)
                    yield from islice(self._documents(stream), start, None)
                return
            start -= count

    def _documents(self, stream: BufferedReader) -> Iterator[Document]:
        while block := stream.peek(1) and pickle.load(stream):  # noqa: S301  # written above, in our own folder
            for content, is_own, properties, tracked, name, origins in block:
                payload = Payload.unpacked(content, self if is_own else None)
                yield Document(payload, properties, tracked or NOTHING, name, origins)

    def _packed(self, document: Document) -> _Packed:
        """The document as plain values, which pickle several times faster than objects."""
        payload, properties, tracked = document.payload, document.properties, document.tracked
        is_own = payload.temporary
        if is_own:
            self._links += 1
            payload = payload.linked(self._file.with_name(str(self._links)), self)
        plain = properties if type(properties) is dict else dict(properties)
        return payload.packed(), is_own, plain, dict(tracked) if tracked else None, document.id, document.origins

    def __del__(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class _Part:
    """Consecutive documents of a spilled group."""

    def __init__(self, whole: Spilled | _Part, start: int, stop: int) -> None:
        self._whole = whole
        self._start = start
        self._stop = stop

    def __iter__(self) -> Iterator[Document]:
        return self.read(0)

    def read(self, start: int) -> Iterator[Document]:
        """The documents from place `start` of this part on."""
        return islice(self._whole.read(self._start + start), max(self._stop - self._start - start, 0))
