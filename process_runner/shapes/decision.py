"""decision: sends each document down one of two paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector_sdk import DocumentError, setting
from process_runner.engine.comparison import Comparison, truth
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, Shape, Steps
from process_runner.expressions import Expression, Scope
from process_runner.language.project import Project


class Decision(Shape):
    """Sends each document down one of two paths. All documents of `then` are finished before the first of `else`."""

    if_: Expression | Comparison = setting(
        "An expression that is true or false, or a value with an operator.", alias="if"
    )
    then: Steps = setting("The path of the true documents.", [])
    else_: Steps = setting("The path of the others.", [], alias="else")

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """Both paths, one after the other."""
        yes, no = flow.group(), flow.group()
        for scope in flow.scopes(documents):
            try:
                (yes if self._holds(scope) else no).append(scope.document)
            except DocumentError as error:
                flow.fail(scope.document, error)
        yield flow.follow(self.then, yes)
        del yes  # and with it what lies on disk
        yield flow.follow(self.else_, no)

    def faults(self, project: Project) -> Iterator[Fault]:
        """A comparison without exactly one operator, or a pattern that does not compile."""
        if isinstance(self.if_, Comparison):
            yield from (fault.below("if") for fault in self.if_.faults())

    def _holds(self, scope: Scope) -> bool:
        if isinstance(self.if_, Comparison):
            return self.if_.holds(self.if_.value.value(scope), scope)
        value: Any = self.if_.value(scope)
        return truth(value)
