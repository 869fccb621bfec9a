"""decision: sends each document down one of two paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector_sdk import setting
from process_runner.engine.at_once import Choice, sort
from process_runner.engine.comparison import Comparison, truth
from process_runner.engine.flow import Flow
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, InBlocks, Shape, Sorting, Steps
from process_runner.expressions import Expression, OneByOne, Scope, Sight, templates
from process_runner.language.project import Project


class Decision(Shape):
    """Sends each document down one of two paths. All documents of `then` are finished before the first of `else`."""

    if_: Expression | Comparison = setting(
        "An expression that is true or false, or a value with an operator.", alias="if"
    )
    then: Steps = setting("The path of the true documents.", [])
    else_: Steps = setting("The path of the others.", [], alias="else")

    def run(self, documents: InBlocks, flow: Flow) -> Iterator[Leg]:
        """Both paths, one after the other."""
        yes, no = flow.group(), flow.group()
        sort(flow, documents, Choice(self._place, self._places), (yes, no))
        del documents  # whoever holds documents keeps what lies on disk
        yield flow.follow(self.then, yes)
        del yes
        yield flow.follow(self.else_, no)

    def sorting(self) -> Sorting | None:
        """The same, where asking has no effect."""
        return None if any(each.has_effects for each in templates(self.if_)) else self.run

    def faults(self, project: Project) -> Iterator[Fault]:
        """A comparison without exactly one operator, or a pattern that does not compile."""
        if isinstance(self.if_, Comparison):
            yield from (fault.below("if") for fault in self.if_.faults())

    def _place(self, scope: Scope) -> int:
        if isinstance(self.if_, Comparison):
            return not self.if_.holds(self.if_.value.value(scope), scope)
        value: Any = self.if_.value(scope)
        return not truth(value)

    def _places(self, sight: Sight) -> list[int] | int:
        if not isinstance(self.if_, Comparison):
            raise OneByOne
        true = self.if_.all_hold(self.if_.value.column(sight))
        return [not each for each in true] if isinstance(true, list) else not true
