"""Lint: what may run, and is probably not meant. One module for each rule."""

from __future__ import annotations

import importlib
import pkgutil

from process_runner.language.place import Problem
from process_runner.language.project import Project


def warnings(project: Project) -> list[Problem]:
    """Everything suspicious in a valid project, in the order of its files."""
    found: set[Problem] = set()
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            found.update(importlib.import_module(f"{__name__}.{module.name}").check(project))
    return sorted(found)
