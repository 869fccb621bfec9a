"""Combining: many documents to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from connector_sdk import Document, DocumentError, Payload
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup

Join = Callable[[Iterable[Payload]], Iterator[bytes]]


def combined(documents: DocumentGroup, flow: Flow, join: Join) -> DocumentGroup:
    """A group of one document: the joined contents, and the properties on which all documents agree.

    Where they cannot be joined all of them fail, as no half of them makes sense. No documents make none.
    """
    result = flow.group()
    if not documents:
        return result
    try:
        payload = flow.execution.runtime.store(join(document.payload for document in documents))
    except DocumentError as error:
        for document in documents:
            flow.fail(document, error)
        return result
    result.append(_merged(documents, payload))
    return result


def joined_lines(payloads: Iterable[Payload]) -> Iterator[bytes]:
    """The contents with a line break between them."""
    for number, payload in enumerate(payloads):
        yield b"\n" if number else b""
        yield payload.read()


def _merged(documents: DocumentGroup, payload: Payload) -> Document:
    ways = iter(documents)
    first = next(ways)
    properties, tracked = dict(first.properties), dict(first.tracked)
    origins = set(first.origins)
    for document in ways:
        properties = dict(properties.items() & document.properties.items())
        tracked = dict(tracked.items() & document.tracked.items())
        origins.update(document.origins)
    return first.replace(payload=payload, properties=properties, tracked=tracked, origins=tuple(sorted(origins)))
