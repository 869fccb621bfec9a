"""route: sends each document down the first path that matches."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk import setting
from process_runner.engine.at_once import Choice, sort
from process_runner.engine.comparison import Operator
from process_runner.engine.flow import Flow
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, InBlocks, Shape, Sorting, Steps
from process_runner.expressions import Expression, Scope, Sight
from process_runner.language.project import Project


class RoutePath(Operator):
    """A path, and which values go down it."""

    name: str | None = setting("What this path is called.", None, min_length=1)
    steps: Steps = setting("The path.", [])


class Route(Shape):
    """Asks for a value once per document and takes the first route that matches it. Routes run in their order, each to
    completion, the default last.
    """

    by: Expression = setting("The value that decides.")
    routes: tuple[RoutePath, ...] = setting("The routes, in the order in which they are tried.", min_length=1)
    default: Steps = setting("The path of documents that no route matches.", [])

    def run(self, documents: InBlocks, flow: Flow) -> Iterator[Leg]:
        """Every path that has documents, one after the other."""
        groups = [flow.group() for _ in (*self.routes, self.default)]
        sort(flow, documents, Choice(self._place, self._places), groups)
        del documents  # whoever holds documents keeps what lies on disk
        for steps in (*(route.steps for route in self.routes), self.default):
            yield flow.follow(steps, groups.pop(0))

    def sorting(self) -> Sorting | None:
        """The same, where asking has no effect."""
        operands = (route.operand for route in self.routes)
        return None if any(each.has_effects for each in (self.by, *operands)) else self.run

    def faults(self, project: Project) -> Iterator[Fault]:
        """Routes without exactly one operator, or with a pattern that does not compile."""
        for index, route in enumerate(self.routes):
            yield from (fault.below("routes", index) for fault in route.faults())

    def _place(self, scope: Scope) -> int:
        value = self.by.value(scope)
        for place, route in enumerate(self.routes):
            if route.holds(value, scope):
                return place
        return len(self.routes)

    def _places(self, sight: Sight) -> list[int] | int:
        values, places = self.by.column(sight), [len(self.routes)] * len(sight.block)
        for place, route in reversed(list(enumerate(self.routes))):  # the first that matches is looked at last
            held = route.all_hold(values)
            if held is True:
                places = [place] * len(places)
            elif held:
                places = [place if each else other for each, other in zip(held, places, strict=True)]
        return places
