"""DocumentGroup: the documents between two steps; past a limit they lie on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from connector_sdk import Document
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.block import Block
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

    They lie on disk first, then in blocks, then as they were appended one by one. Temporary files of payloads that go
    to disk get a second name in the group's own folder, so they live exactly as long as the longest-lived group that
    needs them.
    """

    def __init__(self, runtime: LocalRuntime) -> None:
        self._runtime = runtime
        self._spilled: Spilled | _Part | None = None
        self._blocks: list[Block] = []
        self._recent: list[Document] = []
        self._held = 0
        """Of all the documents those in memory."""
        self._held_bytes = 0
        self._count = 0

    def append(self, document: Document) -> None:
        """Add one document at the end."""
        self._recent.append(document)
        self._count += 1
        self._held += 1
        self._held_bytes += weight(document)
        if self._held >= MOST_DOCUMENTS or self._held_bytes >= MOST_BYTES:
            self._spill()

    def extend(self, documents: Iterable[Document]) -> None:
        """Add documents at the end, in their order."""
        if isinstance(documents, Block):
            self.add(documents, documents.weight())
            return
        for document in documents:
            self.append(document)

    def add(self, documents: Block | list[Document], weight: int) -> None:
        """Add documents at the end, whose `weight` is known."""
        if not documents:
            return
        if len(documents) > MOST_DOCUMENTS and isinstance(documents, Block):
            for part in documents.parts(MOST_DOCUMENTS):
                self.add(part, part.weight())
            return
        if isinstance(documents, Block):
            self._settle()
            self._blocks.append(documents)
        else:
            self._recent += documents
        self._count += len(documents)
        self._held += len(documents)
        self._held_bytes += weight
        if self._held >= MOST_DOCUMENTS or self._held_bytes >= MOST_BYTES:
            self._spill()

    def take(self, other: DocumentGroup) -> None:
        """Add all the documents of a group that nobody uses any more; an empty one becomes what the other was."""
        if self._count:
            for block in other.blocks():
                self.extend(block)
            return
        self._spilled, self._blocks, self._recent = other._spilled, other._blocks, other._recent
        self._held, self._held_bytes, self._count = other._held, other._held_bytes, other._count

    def cut(self, count: int) -> None:
        """Forget all documents but the first `count`."""
        kept = list(self._held_part(0, max(count - self._count + self._held, 0)))
        on_disk = self._count - self._held
        if isinstance(self._spilled, Spilled) and count < on_disk:
            last = self._spilled.cut(count)
            kept, on_disk = [last] if last else [], len(self._spilled)
        self._forget()
        self._count = on_disk
        for block in kept:
            self.extend(block)

    def part(self, start: int, stop: int) -> DocumentGroup:
        """The documents from place `start` (from 0) up to `stop`, only to be read; nothing is copied."""
        part = DocumentGroup(self._runtime)
        on_disk = self._count - self._held
        if self._spilled and start < on_disk:
            part._spilled = _Part(self._spilled, start, min(stop, on_disk))
        for block in self._held_part(max(start - on_disk, 0), max(stop - on_disk, 0)):
            if isinstance(block, Block):
                part._blocks.append(block)
            else:
                part._recent = block
        part._held = sum(map(len, part._blocks)) + len(part._recent)
        part._count = max(min(stop, self._count) - start, 0)
        return part

    @property
    def is_plain(self) -> bool:
        """Whether it holds everything in memory, but for files that are not its own."""
        return self._spilled is None and not any(document.payload.temporary for document in self)

    def packed(self) -> Spilled:
        """All the documents, copied to a folder of their own."""
        copy = DocumentGroup(self._runtime)
        for block in self.blocks():
            copy.extend(block)
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
        return (
            iter(self._recent) if self._held == len(self._recent) == self._count else chain.from_iterable(self.blocks())
        )

    def blocks(self) -> Iterator[Block | list[Document]]:
        """The same documents, as many at a time as are in memory together."""
        held: list[Block | list[Document]] = [*self._blocks, self._recent] if self._recent else [*self._blocks]
        return iter(held) if self._spilled is None else chain(self._spilled.read(0), held)

    def __len__(self) -> int:
        return self._count

    def _held_part(self, start: int, stop: int) -> Iterator[Block | list[Document]]:
        """Those of the documents in memory from place `start` up to `stop`."""
        held: list[Block | list[Document]] = [*self._blocks, self._recent]
        for block in held:
            size = len(block)
            if start < size and stop > 0:
                if start <= 0 and stop >= size:
                    yield block
                else:
                    yield _cut_out(block, max(start, 0), stop)
            start, stop = start - size, stop - size

    def _settle(self) -> None:
        """Make a block of what was appended one by one, so that another one may follow."""
        if self._recent:
            self._blocks.append(Block.of(self._recent))
            self._recent = []

    def _spill(self) -> None:
        if not isinstance(self._spilled, Spilled):
            self._spilled = Spilled.new(self._runtime.new_path())
        self._settle()
        for block in self._blocks:
            self._spilled.write(block)
        self._forget()

    def _forget(self) -> None:
        self._blocks, self._recent, self._held, self._held_bytes = [], [], 0, 0


class _Part:
    """Consecutive documents of a spilled group."""

    def __init__(self, whole: Spilled | _Part, start: int, stop: int) -> None:
        self._whole = whole
        self._start = start
        self._stop = stop

    def read(self, start: int) -> Iterator[Block]:
        """The documents from place `start` of this part on, block by block."""
        rest = self._stop - self._start - start
        blocks = self._whole.read(self._start + start)
        while rest > 0 and (block := next(blocks, None)):
            yield block.part(0, rest) if rest < len(block) else block
            rest -= len(block)


def _cut_out(block: Block | list[Document], start: int, stop: int) -> Block | list[Document]:
    return block.part(start, stop) if isinstance(block, Block) else block[start:stop]
