"""Queries of everything that feed a delete."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk.settings import given
from process_runner.engine.call import Call
from process_runner.engine.step import Step
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.paths import paths_of

QUERIES = ("list", "query")
CHOOSING = ("decision", "route", "validate")
"""Shapes after which not all documents go on."""
NO_FILTER = ("bucket", "delimiter", "object_type", "order", "recursive", "region", "response_format")
"""Parameters and options of a query that leave nothing out."""
ALL = ("*", "**", "**/*", "")


def check(project: Project) -> Iterator[Problem]:
    """Deletes that get all that a query without a filter finds."""
    for process in project.processes.values():
        yield from _path(process.steps, None, project)


def _path(steps: tuple[Step, ...], query: tuple[str, str] | None, project: Project) -> Iterator[Problem]:
    """`query` is the step whose unfiltered documents come in, and its connector."""
    for step in steps:
        call = next((each for each in vars(step.shape).values() if isinstance(each, Call)), None)
        if call is not None:
            operated = project.operations[call.operation]
            action, connector = operated.operation.action, operated.connector.id
            if action in QUERIES:
                query = (step.label, connector) if _finds_all(call, project) else None
            elif action == "delete" and query and query[1] == connector:
                yield Problem(step.place, f"this deletes everything: '{query[0]}' finds all, without a filter")
        chooses = step.kind in CHOOSING
        for path in paths_of(step.shape):
            yield from _path(path.steps, None if chooses else query, project)
        query = None if chooses else query


def _finds_all(call: Call, project: Project) -> bool:
    operation = project.operations[call.operation].operation
    options = {name: getattr(operation, name) for name in given(operation) - set(NO_FILTER)}
    parameters = {name: each.source for name, each in call.parameters.items() if name not in NO_FILTER}
    return all(value in ALL for value in (*options.values(), *parameters.values(), *call.dynamic))
