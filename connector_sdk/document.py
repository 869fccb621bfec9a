"""Document: a payload and its properties, travelling through a process."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from connector_sdk.payload import Payload

NOTHING: Mapping[str, str] = MappingProxyType({})


class Document:
    """One document. Immutable: a change makes another document.

    `properties` are the dynamic document properties by name; `tracked` are those of connectors and of the engine,
    keyed `CONNECTOR.NAME` (`s3.bucket`, `meta.status_code`). Both map text to text. `id` is unique in its execution:
    part 2 of document 7 is `7.2`. `origins` says from which documents of the enclosing try block it came.
    """

    __slots__ = ("id", "origins", "payload", "properties", "tracked")

    def __init__(
        self,
        payload: Payload,
        properties: Mapping[str, str] = NOTHING,
        tracked: Mapping[str, str] = NOTHING,
        id: str = "",
        origins: tuple[int, ...] = (),
    ) -> None:
        self.payload = payload
        self.properties = properties
        self.tracked = tracked
        self.id = id
        self.origins = origins

    def replace(
        self,
        *,
        payload: Payload | None = None,
        properties: Mapping[str, str] | None = None,
        tracked: Mapping[str, str] | None = None,
        id: str | None = None,
        origins: tuple[int, ...] | None = None,
    ) -> Document:
        """A copy with what is given changed; it keeps its origins."""
        return Document(
            self.payload if payload is None else payload,
            self.properties if properties is None else properties,
            self.tracked if tracked is None else tracked,
            self.id if id is None else id,
            self.origins if origins is None else origins,
        )

    def __repr__(self) -> str:
        return (
            f"Document({self.id}, {self.payload.size} bytes, properties {sorted({**self.properties, **self.tracked})})"
        )

    def __getstate__(self) -> tuple[Any, ...]:
        return self.payload, dict(self.properties), dict(self.tracked), self.id, self.origins

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.payload, self.properties, self.tracked, self.id, self.origins = state
