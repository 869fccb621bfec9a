"""Parts: what a document is split into, as documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from connector_sdk import Document
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.block import Block, Content, Ids
from process_runner.engine.table import Table

MOST = 1_000
"""Parts in a block."""
MOST_BYTES = 1 << 20


def split(document: Document, parts: Iterable[bytes], runtime: LocalRuntime) -> Iterator[Block]:
    """The parts with the properties of the document, and ids: its own for a single one, `ID.1`, `ID.2`... for several.

    Large parts are kept as files.
    """
    properties, tracked = Table(document.properties), Table(document.tracked)
    batches, number = _batches(parts, runtime), 1
    first, second = next(batches, None), next(batches, None)
    is_single = second is None and first is not None and len(first) == 1
    for contents in chain(filter(None, (first, second)), batches):
        ids: Ids = [document.id] if is_single else (document.id, number)
        yield Block(contents, properties, tracked, ids, document.origins)
        number += len(contents)


def _batches(parts: Iterable[bytes], runtime: LocalRuntime) -> Iterator[list[Content]]:
    batch: list[Content] = []
    size = 0
    for part in parts:
        batch.append(part if len(part) <= runtime.in_memory else runtime.store([part]))
        size += len(part)
        if len(batch) >= MOST or size >= MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
