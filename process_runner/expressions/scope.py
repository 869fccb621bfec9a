"""What an expression can see: the current document, its properties, and facts about the execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from connector_sdk import Document, ProcessError
from process_runner.expressions.content import Content, content
from process_runner.expressions.values import missing, text_of
from process_runner.expressions.views import DocumentView, FactsView, ProcessView, PropertiesView
from process_runner.store import Runs, State

Call = Callable[[Document, str, str, Mapping[str, Any]], Any]
"""Serves `call('connection', 'operation', NAME=...)` for a document."""

Lookup = Callable[[str, str], Document | None]
"""Serves `lookup('cache', key)`: the document of a cache under a key."""

NAMES = (
    "call",
    "csv",
    "document",
    "error",
    "execution",
    "json",
    "lookup",
    "now",
    "process",
    "prop",
    "sequence",
    "unique",
    "uuid",
    "xml",
)


@dataclass
class Facts:
    """Facts about one execution that expressions read; `process_properties` is what all its steps share."""

    execution_id: str
    process: str
    started: datetime
    connectors: frozenset[str]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    document_count: int = 0
    process_properties: dict[str, str] = field(default_factory=dict)
    state: State | None = None
    runs: Runs = field(default_factory=Runs)
    call: Call | None = None
    lookup: Lookup = lambda cache, key: None
    new_uuid: Callable[[], UUID] = uuid4

    @cached_property
    def spaces(self) -> frozenset[str]:
        """The prefixes of tracked properties."""
        return frozenset({*self.connectors, "meta", "error"})

    def store(self) -> State:
        """What outlives the execution; ProcessError where it was given none."""
        if self.state is None:
            raise ProcessError("this execution has no store to keep anything in", "NoStore")
        return self.state


class Scope:
    """The names for expressions; `at` moves it to a document. One scope serves one thread."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.document: Document
        self.index: int = 0
        self.spaces = facts.spaces
        self._content = Content()

    @cached_property
    def names(self) -> dict[str, Any]:
        """What each name stands for."""
        from process_runner.expressions.environment import environment

        facts = self.facts
        properties = PropertiesView(self, facts.connectors)
        return {
            **environment().globals,
            "document": DocumentView(self),
            "prop": properties,
            "error": properties["error"],
            "process": ProcessView(facts.process_properties),
            "execution": FactsView(facts),
            "json": self.json,
            "xml": lambda path: self._content.xml(self.document, path),
            "csv": lambda column, delimiter=",": self._content.csv(self.document, column, delimiter),
            "call": self._call,
            "lookup": self._lookup,
            "sequence": self._sequence,
            "now": facts.clock,
            "uuid": lambda: str(facts.new_uuid()),
            "unique": lambda: f"{facts.clock():%Y%m%d%H%M%S}-{facts.new_uuid().hex[:12]}",
        }

    def at(self, document: Document, index: int) -> Scope:
        """This scope, with `document` as the current one in place `index` of its group, counted from 1."""
        self.document = document
        self.index = index
        if self._content.read:
            self._content.forget()
        return self

    def text(self) -> str:
        """The current document's content as text."""
        return self._content.text(self.document)

    def content(self) -> bytes:
        """The current document's bytes."""
        return content(self.document)

    def value(self) -> Any:
        """The current document's content as a JSON value."""
        return self._content.value(self.document)

    def json(self, path: str) -> Any:
        """The value at a JMESPath in the current document; what is missing where there is none."""
        return self._content.json(self.document, path)

    def _sequence(self, name: str, width: int = 0) -> str:
        return str(self.facts.store().number(str(name))).zfill(width)

    def _call(self, connection: str, operation: str, **inputs: Any) -> Any:
        if self.facts.call is None:
            raise ProcessError("call() cannot be used here", "NoConnections")
        return self.facts.call(self.document, connection, operation, inputs)

    def _lookup(self, cache: str, key: Any, path: str | None = None) -> Any:
        found = self.facts.lookup(cache, text_of(key))
        if found is None:
            return missing(f"cache '{cache}' has nothing under key '{key}'")
        content = Content()
        if path is None:
            return content.text(found)
        return content.xml(found, path) if path.startswith("/") else content.json(found, path)
