"""Outputs: many documents that an operation makes in one go, as columns, such as the rows of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from connector_sdk.document import Document
from connector_sdk.payload import Payload


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """Documents with the same properties, and `columns` of tracked ones over those that they share.

    What `Request.outputs` makes; as an iterable the documents themselves.
    """

    contents: Sequence[bytes]
    properties: Mapping[str, str]
    tracked: Mapping[str, str]
    columns: Mapping[str, list[str]]
    id: str
    origins: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.contents)

    def __iter__(self) -> Iterator[Document]:
        names = tuple(self.columns)
        rows = zip(*self.columns.values(), strict=True) if names else repeat(())
        for content, row in zip(self.contents, rows, strict=False):
            tracked = {**self.tracked, **dict(zip(names, row, strict=True))}
            yield Document(Payload(content), self.properties, tracked, self.id, self.origins)
