"""Steps after the end of a path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from process_runner.engine.call import Call
from process_runner.engine.step import Step
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.paths import BLOCKS, ENDS, paths_of

SILENT = ("delete", "delete_bucket")
"""Actions that return no document, where they set no property that one could carry."""


def check(project: Project) -> Iterator[Problem]:
    """The first step that is never reached, on each path."""
    for process in project.processes.values():
        yield from _path(process.steps, project)


def _path(steps: tuple[Step, ...], project: Project) -> Iterator[Problem]:
    for step, following in pairwise(steps):
        if _ends(step, project):
            hint = "; set pass_through: true there" if _gives_nothing(step, project) else ""
            text = f"this step is never reached: every document ends at '{step.label}'{hint}"
            yield Problem(following.place, text)
            break
    for step in steps:
        for path in paths_of(step.shape):
            yield from _path(path.steps, project)


def _ends(step: Step, project: Project) -> bool:
    if step.kind in BLOCKS:
        paths = list(paths_of(step.shape))
        return all(path.steps and any(_ends(each, project) for each in path.steps) for path in paths)
    return step.kind in ENDS or _gives_nothing(step, project)


def _gives_nothing(step: Step, project: Project) -> bool:
    """Whether a step calls an operation that returns no document, and lets its own not pass."""
    calls = [each for each in vars(step.shape).values() if isinstance(each, Call)]
    return any(
        project.operations[call.operation].operation.action in SILENT
        and not project.operations[call.operation].operation.sets
        and not (call.pass_through or call.return_application_errors)
        for call in calls
    )
