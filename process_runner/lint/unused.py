"""Connections and operations that no process uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2 import nodes

from connector_sdk import Settings
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.lint._reads import named_components, steps, trees

SECTIONS = ("connections", "operations")


def check(project: Project) -> Iterator[Problem]:
    """Components without a user; none in a project that has no processes, as others then use it."""
    users: list[Settings] = [step.shape for step in steps(project)]
    users += [settings for each in project.operations.values() for settings in (each.operation, each.keys)]
    used = {section: set(_used(users, section)) for section in SECTIONS}
    if project.processes:
        for section, components in (("connections", project.connections), ("operations", project.operations)):
            for name, component in components.items():
                if not {name, None} & used[section]:
                    yield Problem(component.place, f"no process uses this {section.removesuffix('s')}, '{name}'")


def _used(users: Iterable[Settings], section: str) -> Iterator[str | None]:
    """Names of components of a section; None for one that only a run can tell."""
    for user in users:
        yield from named_components(user, section)
        for tree in trees(user):
            yield from _called(tree, SECTIONS.index(section))


def _called(tree: nodes.Template, position: int) -> Iterator[str | None]:
    """The names at a position of `call('connection', 'operation')`."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "call":
            for given in call.args[position : position + 1]:
                yield given.value if isinstance(given, nodes.Const) else None
