"""Catch paths that tell nobody."""

from __future__ import annotations

from collections.abc import Iterator

from process_runner.engine.step import Step, walk
from process_runner.language.place import Problem
from process_runner.language.project import Process, Project
from process_runner.lint._reads import sources, uses

TELLING = ("add_to_cache", "connector", "exception", "notify", "process_call", "return_documents")
"""Shapes whose effect is seen outside of the path."""


def check(project: Project) -> Iterator[Problem]:
    """Blocks of which failures are caught, and neither told nor looked at anywhere."""
    for process in project.processes.values():
        for step in walk(process.steps):
            if step.kind == "try_catch" and not _is_told(step, process):
                text = "failures are caught and told nobody; write a 'notify' on the catch path"
                yield Problem(step.place, f"{text}, or read {{{{ error.message }}}}")


def _is_told(block: Step, process: Process) -> bool:
    catch = walk(getattr(block.shape, "catch", ()))
    return any(step.kind in TELLING for step in catch) or any(map(_reads_error, walk(process.steps)))


def _reads_error(step: Step) -> bool:
    return any(uses(source, "error") for source in sources(step.shape))
