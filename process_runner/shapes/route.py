"""route: sends each document down the first path that matches."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk import DocumentError, setting
from process_runner.engine.comparison import Operator
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, Shape, Steps
from process_runner.expressions import Expression, Scope
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

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """Every path that has documents, one after the other."""
        groups = [flow.group() for _ in (*self.routes, self.default)]
        for scope in flow.scopes(documents):
            try:
                groups[self._choice(scope)].append(scope.document)
            except DocumentError as error:
                flow.fail(scope.document, error)
        for steps in (*(route.steps for route in self.routes), self.default):
            yield flow.follow(steps, groups.pop(0))

    def faults(self, project: Project) -> Iterator[Fault]:
        """Routes without exactly one operator, or with a pattern that does not compile."""
        for index, route in enumerate(self.routes):
            yield from (fault.below("routes", index) for fault in route.faults())

    def _choice(self, scope: Scope) -> int:
        value = self.by.value(scope)
        matching = (index for index, route in enumerate(self.routes) if route.holds(value, scope))
        return next(matching, len(self.routes))
