"""A part of a project: one process with all that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from connector_sdk import Settings
from process_runner.engine.step import walk
from process_runner.language.project import Operated, Project
from process_runner.lint._reads import named_components, used_components

Component = TypeVar("Component")


def needed_by(project: Project, process: str) -> Project:
    """The project with this process, those that it calls, and the connections and operations that they may use."""
    processes = {process: project.processes[process]}
    waiting = [process]
    while waiting:
        for step in walk(project.processes[waiting.pop()].steps):
            called = set(named_components(step.shape, "processes")) - processes.keys()
            processes |= {name: project.processes[name] for name in called}
            waiting += called
    steps = [step.shape for each in processes.values() for step in walk(each.steps)]
    operations = _operations(project, steps)
    users = [*steps, *_settings(operations)]
    return project._replace(
        connections=_named(project.connections, set(used_components(users, "connections"))),
        operations=operations,
        processes={name: each for name, each in project.processes.items() if name in processes},
    )


def _operations(project: Project, users: Sequence[Settings]) -> dict[str, Operated]:
    """Those of the users, and those that these call in turn."""
    operations: dict[str, Operated] = {}
    while True:
        names = set(used_components([*users, *_settings(operations)], "operations"))
        found = _named(project.operations, names)
        if found.keys() == operations.keys():
            return found
        operations = found


def _settings(operations: Mapping[str, Operated]) -> Iterator[Settings]:
    for each in operations.values():
        yield from (each.operation, each.keys)


def _named(components: Mapping[str, Component], names: set[str | None]) -> dict[str, Component]:
    """The components of these names; all of them where a name is known at run time only."""
    return {name: each for name, each in components.items() if {name, None} & names}
