"""What an expression can see: the current document, its properties, and facts about the execution."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connector_sdk import Document, DocumentError
from process_runner.expressions.content import Content
from process_runner.expressions.environment import environment
from process_runner.expressions.views import DocumentView, FactsView, ProcessView, PropertiesView

NAMES = ("csv", "document", "error", "execution", "json", "now", "process", "prop", "unique", "uuid", "xml")


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


class Scope:
    """The names for expressions; `at` moves it to a document. One scope serves one thread."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.document: Document
        self.index = 0
        self._content = Content()
        properties = PropertiesView(self, facts.connectors)
        self.names: dict[str, Any] = {
            **environment().globals,
            "document": DocumentView(self),
            "prop": properties,
            "error": properties["error"],
            "process": ProcessView(facts.process_properties),
            "execution": FactsView(facts),
            "json": lambda path: self._content.json(self.document, path),
            "xml": lambda path: self._content.xml(self.document, path),
            "csv": lambda column, delimiter=",": self._content.csv(self.document, column, delimiter),
            "now": facts.clock,
            "uuid": lambda: str(uuid.uuid4()),
            "unique": lambda: f"{facts.clock():%Y%m%d%H%M%S}-{uuid.uuid4().hex[:12]}",
        }

    def at(self, document: Document, index: int) -> Scope:
        """This scope, with `document` as the current one in place `index` of its group, counted from 1."""
        self.document = document
        self.index = index
        self._content.forget()
        return self

    def text(self) -> str:
        """The current document's content as text."""
        return self._content.text(self.document)


def text_of(value: Any) -> str:
    """A value in the form a property holds it: true/false, numbers as written, structures as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        raise DocumentError("the value is null; properties are texts", "NoValue")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    if type(value).__module__.startswith("process_runner."):
        raise DocumentError("this is a set of properties; name one of them", "NoValue")
    return value.isoformat() if isinstance(value, datetime) else str(value)
