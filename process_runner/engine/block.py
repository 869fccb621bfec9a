"""Block: many documents as columns, in memory as on disk; a Document is made of a row when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, repeat

from connector_sdk import Document, Payload
from process_runner.engine.origins import Origins
from process_runner.engine.table import Table

Content = bytes | Payload
"""Of one document; bytes are a payload in memory."""

Ids = list[str] | tuple[str, int]
"""Of each document; or what `3.7`, `3.8`... begin with, and the first number."""


class Block:
    """Documents in their order; never changed. As an iterable it makes them, anew each time."""

    __slots__ = ("contents", "ids", "origins", "properties", "tracked")

    def __init__(
        self,
        contents: Sequence[Content],
        properties: Table,
        tracked: Table,
        ids: Ids,
        origins: Origins | list[Origins],
    ) -> None:
        self.contents = contents
        self.properties = properties
        self.tracked = tracked
        self.ids = ids
        self.origins = origins

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Block:
        """The same documents as columns."""
        return cls(
            [document.payload for document in documents],
            Table([document.properties for document in documents]),
            Table([document.tracked for document in documents]),
            [document.id for document in documents],
            [document.origins for document in documents],
        )

    def __len__(self) -> int:
        return len(self.contents)

    def __iter__(self) -> Iterator[Document]:
        count = len(self.contents)
        origins = self.origins if isinstance(self.origins, list) else repeat(self.origins, count)
        rows = self.properties.rows(count), self.tracked.rows(count)
        return map(Document, map(_payload, self.contents), *rows, self.names(), origins)

    def names(self) -> Iterable[str]:
        """The documents' ids."""
        if isinstance(self.ids, list):
            return self.ids
        before, first = self.ids
        return [f"{before}.{number}" for number in range(first, first + len(self.contents))]

    def sizes(self) -> list[int]:
        """Bytes of content of each document."""
        return [len(each) if isinstance(each, bytes) else each.size for each in self.contents]

    def weight(self) -> int:
        """How much of the documents is held in memory, roughly in bytes."""
        return sum(map(_held, self.contents)) + self.properties.weight() + self.tracked.weight()

    def replace(
        self,
        contents: Sequence[Content] | None = None,
        properties: Table | None = None,
        tracked: Table | None = None,
    ) -> Block:
        """A copy with what is given changed."""
        return Block(
            self.contents if contents is None else contents,
            self.properties if properties is None else properties,
            self.tracked if tracked is None else tracked,
            self.ids,
            self.origins,
        )

    def part(self, start: int, stop: int) -> Block:
        """The documents from place `start` (from 0) up to `stop`."""
        ids = self.ids[start:stop] if isinstance(self.ids, list) else (self.ids[0], self.ids[1] + start)
        return Block(
            self.contents[start:stop],
            self.properties.part(start, stop),
            self.tracked.part(start, stop),
            ids,
            self.origins[start:stop] if isinstance(self.origins, list) else self.origins,
        )

    def parts(self, size: int) -> Iterator[Block]:
        """The same in parts of so many documents."""
        return (self.part(start, start + size) for start in range(0, len(self), size))

    def chosen(self, wanted: list[bool]) -> Block:
        """The documents that are wanted."""
        return Block(
            list(compress(self.contents, wanted)),
            self.properties.chosen(wanted),
            self.tracked.chosen(wanted),
            list(compress(self.names(), wanted)),
            list(compress(self.origins, wanted)) if isinstance(self.origins, list) else self.origins,
        )


def _payload(content: Content) -> Payload:
    return Payload(content) if isinstance(content, bytes) else content


def _held(content: Content) -> int:
    if isinstance(content, bytes):
        return len(content)
    return content.size if content.in_memory else 0
