"""Connections and operations that no process uses."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.lint._reads import named_components, steps, trees

SECTIONS = ("connections", "operations")


def check(project: Project) -> Iterator[Problem]:
    """Components without a user; none in a project that has no processes, as others then use it."""
    used = {section: set[str | None]() for section in SECTIONS}
    for step in steps(project):
        for section in SECTIONS:
            used[section] |= set(named_components(step.shape, section))
        for tree in trees(step):
            for position, name in _called(tree):
                used[SECTIONS[position]].add(name)
    for operated in project.operations.values():
        used["connections"] |= set(named_components(operated.operation, "connections"))
    if project.processes:
        for section, components in (("connections", project.connections), ("operations", project.operations)):
            for name, component in components.items():
                if not {name, None} & used[section]:
                    yield Problem(component.place, f"no process uses this {section.removesuffix('s')}, '{name}'")


def _called(tree: nodes.Template) -> Iterator[tuple[int, str | None]]:
    """The names in `call('connection', 'operation')` by their position; None for one that only a run can tell."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "call":
            for position, given in enumerate(call.args[:2]):
                yield position, given.value if isinstance(given, nodes.Const) else None
