"""Lint: what may run, and is probably not meant. One module for each rule."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType

from process_runner import inside
from process_runner.engine.step import walk
from process_runner.language.place import Problem
from process_runner.language.project import Project

ABOUT: Mapping[str, str] = MappingProxyType(
    {"decisions": "decision", "overwriting": "data_process", "swallowing": "try_catch"}
)
"""Rules that have nothing to say, and are not loaded, where a project has no step of a shape."""


def warnings(project: Project) -> list[Problem]:
    """Everything suspicious in a valid project, in the order of its files."""
    found: set[Problem] = set()
    shapes = {step.kind for process in project.processes.values() for step in walk(process.steps)}
    for name in inside.modules(__path__):
        if ABOUT.get(name) in {None, *shapes}:
            found.update(importlib.import_module(f"{__name__}.{name}").check(project))
    return sorted(found)
