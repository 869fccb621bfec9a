"""Options: what the caller of an execution chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from connector_sdk import Document, DocumentError, Payload
from process_runner.engine.step import Step
from process_runner.redaction import Redaction
from process_runner.store import State

Returned = Callable[[str, Document], None]
Failed = Callable[[Document, Step, DocumentError], None]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Options(NamedTuple):
    """What the caller of an execution chooses.

    `documents` feed a passthrough start; `first` is the empty document that every other start begins with. `returned`
    and `failed` are called for each document that the process hands back, or that fails uncaught; without `returned`
    those that it hands back are counted.
    """

    documents: Iterable[Document] = ()
    process_properties: Mapping[str, str] = {}
    returned: Returned | None = None
    failed: Failed = lambda document, step, error: None
    clock: Callable[[], datetime] = now
    state: State | None = None
    redaction: Redaction | None = None
    new_uuid: Callable[[], UUID] = uuid4
    first: Document = Document(Payload(b""), id="1")
