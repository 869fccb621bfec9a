"""Answers: what an operation gave for one document, as it travels on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from connector_sdk import Document
from process_runner.engine.group import DocumentGroup

if TYPE_CHECKING:
    from process_runner.engine.flow import Flow

SUCCESS: Mapping[str, str] = MappingProxyType({"meta.status_code": "200", "meta.status_message": "OK"})
"""What an operation sets that says nothing else."""


class Several(DocumentGroup):
    """More documents than one, and how many bytes of content they have."""

    bytes = 0


Answered = Several | tuple[Document, ...]
"""Mostly a single document."""


def answered(given: Document, made: Iterator[Document], flow: Flow) -> Answered:
    """What was made from one document, with ids: its own for a single one, `ID.1`, `ID.2`... for several."""
    first, second = next(made, None), next(made, None)
    if first is None:
        return ()
    if second is None:
        return (_answer(given, first, given.id),)
    several, check, size = Several(flow.execution.runtime), flow.walker.check, 0
    for number, document in enumerate(chain((first, second), made), 1):
        check()
        several.append(_answer(given, document, f"{given.id}.{number}"))
        size += document.payload.size
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
