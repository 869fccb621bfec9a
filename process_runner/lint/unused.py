"""Connections and operations that no process uses."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk import Settings
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.lint._reads import CALLED, steps, used_components


def check(project: Project) -> Iterator[Problem]:
    """Components without a user; none in a project that has no processes, as others then use it."""
    users: list[Settings] = [step.shape for step in steps(project)]
    users += [settings for each in project.operations.values() for settings in (each.operation, each.keys)]
    used = {section: set(used_components(users, section)) for section in CALLED}
    if project.processes:
        for section, components in (("connections", project.connections), ("operations", project.operations)):
            for name, component in components.items():
                if not {name, None} & used[section]:
                    yield Problem(component.place, f"no process uses this {section.removesuffix('s')}, '{name}'")
