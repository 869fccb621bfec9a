"""branch: every path gets every document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import setting
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.step import NamedPath, Shape, Steps


class Branch(Shape):
    """Sends all documents down each path, one path after the other, each from the documents as they came in."""

    whole: ClassVar[str | None] = "paths"

    paths: tuple[Steps | NamedPath, ...] = setting("The paths, in order.", min_length=2, max_length=25)

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """Every path, with what follows the block."""
        for path in self.paths:
            yield flow.follow(path.steps if isinstance(path, NamedPath) else path, documents)
