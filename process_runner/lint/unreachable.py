"""Steps after the end of a path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from process_runner.engine.step import Step
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.paths import BLOCKS, ENDS, paths_of


def check(project: Project) -> Iterator[Problem]:
    """The first step that is never reached, on each path."""
    for process in project.processes.values():
        yield from _path(process.steps)


def _path(steps: tuple[Step, ...]) -> Iterator[Problem]:
    for step, following in pairwise(steps):
        if _ends(step):
            yield Problem(following.place, f"this step is never reached: every document ends at '{step.label}'")
            break
    for step in steps:
        for path in paths_of(step.shape):
            yield from _path(path.steps)


def _ends(step: Step) -> bool:
    if step.kind in BLOCKS:
        return all(path.steps and any(map(_ends, path.steps)) for path in paths_of(step.shape))
    return step.kind in ENDS
