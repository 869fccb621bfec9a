"""Spilled documents: blocks of columns in a file, several times cheaper to write and read than one by one."""

from __future__ import annotations

import marshal
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from connector_sdk import Payload
from connector_sdk.payload import Packed
from process_runner.engine.block import Block, Content
from process_runner.engine.table import Table

Place = tuple[int, int, int]
"""Where a block begins in its file, how many bytes it has, and how many documents."""

_VERSION = 4
"""Of marshal: writes a text or mapping that many documents share only once."""
_PICKLED = b"\x80"
"""How a block begins that marshal cannot write, as a plugin put a value of a class of its own into a property."""


class Spilled:
    """Documents in a folder: one file of blocks, and links to the temporary files of their payloads."""

    def __init__(self, folder: Path, places: Iterable[Place] = ()) -> None:
        """The documents of these blocks in an existing folder, which belongs to this object from now on."""
        self._folder: Path | None = folder
        self._file = folder / "documents"
        self._places = list(places)
        self._links = 0

    @classmethod
    def new(cls, folder: Path) -> Spilled:
        """No documents yet, in a new folder."""
        folder.mkdir()
        return cls(folder)

    def given_away(self) -> tuple[Path, tuple[Place, ...]]:
        """The folder and its blocks, for another object to own."""
        folder, self._folder = self._file.parent, None
        return folder, tuple(self._places)

    def __len__(self) -> int:
        return sum(count for _, _, count in self._places)

    def write(self, block: Block) -> None:
        """Add a block."""
        written = _dumped(self._columns(block))
        with open(self._file, "ab") as stream:
            self._places.append((stream.tell(), len(written), len(block)))
            stream.write(written)

    def cut(self, count: int) -> Block | None:
        """Forget the block in which document `count` (from 0) lies and all after it; what of it comes before."""
        for index, place in enumerate(self._places):
            if count < place[2]:
                kept = self._read(place).part(0, count) if count else None
                del self._places[index:]
                os.truncate(self._file, place[0])
                return kept
            count -= place[2]
        return None

    def read(self, start: int) -> Iterator[Block]:
        """The documents from place `start` on, block by block; blocks before it are not read."""
        for index, (_, _, count) in enumerate(self._places):
            if start < count:
                first, *others = self._places[index:]
                yield self._read(first).part(start, count) if start else self._read(first)
                yield from map(self._read, others)
                return
            start -= count

    def _read(self, place: Place) -> Block:
        offset, size, _ = place
        with open(self._file, "rb") as stream:
            stream.seek(offset)
            contents, own, properties, tracked, ids, origins = _loaded(stream.read(size))
        if own is not None:
            contents = [
                each if type(each) is bytes else Payload.unpacked(each, self if place in own else None)
                for place, each in enumerate(contents)
            ]
        return Block(contents, Table.unpacked(properties), Table.unpacked(tracked), ids, origins)

    def _columns(self, block: Block) -> tuple[Any, ...]:
        """The documents as plain values; second, where any content is a file, the places of those whose file is own."""
        contents, own = self._packed(block.contents)
        return contents, own, block.properties.packed(), block.tracked.packed(), block.ids, block.origins

    def _packed(self, contents: Sequence[Content]) -> tuple[list[bytes | Packed], set[int] | None]:
        packed = [each if isinstance(each, bytes) else each.packed() for each in contents]
        if not any(isinstance(each, tuple) for each in packed):
            return packed, None
        own = set()
        for place, each in enumerate(contents):
            if isinstance(each, Payload) and each.temporary:
                self._links += 1
                packed[place] = each.linked(self._file.with_name(str(self._links)), self).packed()
                own.add(place)
        return packed, own

    def __del__(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _dumped(columns: tuple[Any, ...]) -> bytes:
    try:
        return marshal.dumps(columns, _VERSION)
    except ValueError:
        import pickle

        return pickle.dumps(columns, pickle.HIGHEST_PROTOCOL)


def _loaded(block: bytes) -> Any:
    if block.startswith(_PICKLED):
        import pickle

        return pickle.loads(block)  # noqa: S301  # written above, in our own folder
    return marshal.loads(block)  # noqa: S302
