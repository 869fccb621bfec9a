"""Answers: what an operation gave for one document, as it travels on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from connector_sdk import Document
from connector_sdk.outputs import Outputs
from process_runner.engine.block import Block
from process_runner.engine.group import DocumentGroup
from process_runner.engine.table import Column, Table

if TYPE_CHECKING:
    from process_runner.engine.flow import Flow

SUCCESS: Mapping[str, str] = MappingProxyType({"meta.status_code": "200", "meta.status_message": "OK"})
"""What an operation sets that says nothing else."""


class Several(DocumentGroup):
    """More documents than one, and how many bytes of content they have."""

    bytes = 0


Answered = Several | tuple[Document, ...]
"""Mostly a single document."""


def answered(given: Document, made: Iterator[Document | Outputs], flow: Flow) -> Answered:
    """What was made from one document, with ids: its own for a single one, `ID.1`, `ID.2`... for several."""
    made = filter(None, made)  # not even a page without objects
    first, second = next(made, None), next(made, None)
    if first is None:
        return ()
    if second is None:
        if isinstance(first, Document):
            return (_answer(given, first, given.id),)
        if len(first) == 1:
            return tuple(_answer(given, document, given.id) for document in first)
        made = iter((first,))
    else:
        made = chain((first, second), made)
    return _several(given, made, flow)


def _several(given: Document, made: Iterator[Document | Outputs], flow: Flow) -> Several:
    several, check, size = Several(flow.execution.runtime), flow.walker.check, 0
    for each in made:
        check()
        number = len(several) + 1
        if isinstance(each, Document):
            several.append(_answer(given, each, f"{given.id}.{number}"))
            size += each.payload.size
        else:
            block = _block(given, each, number)
            several.add(block, block.weight())
            size += sum(map(len, each.contents))
    several.bytes = size
    return several


def _answer(given: Document, made: Document, id: str) -> Document:
    """The document that travels on; a status that it brought along from an earlier step is not this one's."""
    before, tracked = given.tracked, dict(made.tracked)
    tracked["meta.size"] = str(made.payload.size)
    for name, value in SUCCESS.items():
        if name not in tracked or tracked[name] == before.get(name):
            tracked[name] = value
    return Document(made.payload, made.properties, tracked, id, given.origins)


def _block(given: Document, made: Outputs, first: int) -> Block:
    """The same for many, of which the first has this number."""
    sizes = [str(len(content)) for content in made.contents]
    columns: dict[str, Column] = {**made.columns, "meta.size": sizes}
    before, shared = given.tracked, made.tracked
    columns |= {name: value for name, value in SUCCESS.items() if shared.get(name) in (None, before.get(name))}
    return Block(made.contents, Table(made.properties), Table(shared, columns), (given.id, first), given.origins)
