"""Spilled documents: blocks of columns in a file, several times cheaper to write and read than one by one."""

from __future__ import annotations

import marshal
import os
import pickle
import shutil
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from connector_sdk import Document, Payload
from connector_sdk.document import NOTHING

Block = tuple[int, int, int]
"""Where a block begins in its file, how many bytes it has, and how many documents."""

_VERSION = 4
"""Of marshal: writes a text or mapping that many documents share only once."""
_PICKLED = b"\x80"
"""How a block begins that marshal cannot write, as a plugin put a value of a class of its own into a property."""


class Spilled:
    """Documents in a folder: one file of blocks, and links to the temporary files of their payloads."""

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
        return sum(count for _, _, count in self._blocks)

    def write(self, documents: list[Document]) -> None:
        """Add a block."""
        written = _dumped(self._columns(documents))
        with open(self._file, "ab") as stream:
            self._blocks.append((stream.tell(), len(written), len(documents)))
            stream.write(written)

    def cut(self, count: int) -> list[Document]:
        """Forget the block in which document `count` (from 0) lies and all after it; those of it that come before."""
        for index, block in enumerate(self._blocks):
            if count < block[2]:
                kept = list(islice(self._documents(block), count))
                del self._blocks[index:]
                os.truncate(self._file, block[0])
                return kept
            count -= block[2]
        return []

    def __iter__(self) -> Iterator[Document]:
        return chain.from_iterable(self.read(0))

    def read(self, start: int) -> Iterator[Iterable[Document]]:
        """The documents from place `start` on, block by block; blocks before it are not read."""
        for index, (_, _, count) in enumerate(self._blocks):
            if start < count:
                for block in self._blocks[index:]:
                    documents = chain.from_iterable(map(self._documents, (block,)))  # read when they are first needed
                    yield islice(documents, start, None)
                    start = 0
                return
            start -= count

    def _documents(self, block: Block) -> Iterator[Document]:
        offset, size, _ = block
        with open(self._file, "rb") as stream:
            stream.seek(offset)
            contents, own, properties, tracked, names, origins = _loaded(stream.read(size))
        if own is None:
            payloads = map(Payload, contents)
        else:
            payloads = map(Payload.unpacked, contents, [self if place in own else None for place in range(block[2])])
        return map(Document, payloads, _mappings(properties), _mappings(tracked), names, origins)

    def _columns(self, documents: list[Document]) -> tuple[Any, ...]:
        """The documents as plain values; second, where any content is a file, the places of those whose file is own."""
        payloads = [document.payload for document in documents]
        contents = [payload.packed() for payload in payloads]
        own = None
        if any(type(content) is tuple for content in contents):
            own = {place for place, payload in enumerate(payloads) if payload.temporary}
            for place in own:
                self._links += 1
                contents[place] = payloads[place].linked(self._file.with_name(str(self._links)), self).packed()
        return (
            contents,
            own,
            [_plain(document.properties) for document in documents],
            [_plain(document.tracked) for document in documents],
            [document.id for document in documents],
            [document.origins for document in documents],
        )

    def __del__(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _plain(mapping: Any) -> dict[str, str] | None:
    return mapping if type(mapping) is dict else dict(mapping) if mapping else None


def _mappings(column: list[Any]) -> list[Any]:
    return [NOTHING if each is None else each for each in column]


def _dumped(columns: tuple[Any, ...]) -> bytes:
    try:
        return marshal.dumps(columns, _VERSION)
    except ValueError:
        return pickle.dumps(columns, pickle.HIGHEST_PROTOCOL)


def _loaded(block: bytes) -> Any:
    if block.startswith(_PICKLED):
        return pickle.loads(block)  # noqa: S301  # written above, in our own folder
    return marshal.loads(block)  # noqa: S302
