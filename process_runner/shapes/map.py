"""map: turns one format into another."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from connector_sdk import Document, Payload, setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Shape, Simple
from process_runner.expressions import Scope, templates
from process_runner.mapping import Mapping


class Map(Shape):
    """Turns each document into another format: JSON, CSV, XML or text. Its properties stay."""

    whole: ClassVar[str | None] = "mapping"

    mapping: Mapping = setting("What comes out, and how.", discriminator="to")

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """Documents with new content; one that cannot be turned fails."""
        return flow.each(documents, self._turn)

    def simple(self) -> Simple | None:
        """Turning each document, where the mapping has no effect."""
        return None if self._has_effects else Simple(self._turn)

    @cached_property
    def _has_effects(self) -> bool:
        return any(each.has_effects for each in templates(self.mapping))

    def _turn(self, scope: Scope) -> Document:
        return scope.document.replace(payload=Payload(self.mapping.content(scope)))
