"""Process properties that the command line gives with `--set`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from process_runner.console.errors import UsageError

if TYPE_CHECKING:
    from process_runner.language.project import Project

SPACE = "process."


def process_properties(pairs: list[str], project: Project) -> dict[str, str]:
    """The properties by name; UsageError for what is not NAME=VALUE, and for a name that nothing uses."""
    if wrong := [pair for pair in pairs if "=" not in pair or pair.startswith("=")]:
        raise UsageError(f"--set takes NAME=VALUE, got '{wrong[0]}'")
    given = dict(pair.split("=", 1) for pair in pairs)
    if given:
        _check(given, project)
    return given


def _check(given: dict[str, str], project: Project) -> None:
    from process_runner.language.place import suggestion

    used = set(_used(project))
    known = {name for name in used if name is not None}
    if unknown := [name for name in given if name not in known]:
        if None in used:
            return
        there = suggestion(unknown[0], known) or "; they use none"
        raise UsageError(f"--set {unknown[0]}: the processes use no process property '{unknown[0]}'{there}")


def _used(project: Project) -> Iterator[str | None]:
    """Names that are read or set; None where only a run can tell the name."""
    from process_runner.engine.step import walk
    from process_runner.expressions import reads, templates
    from process_runner.shapes.set_properties import SetProperties

    shapes = [step.shape for process in project.processes.values() for step in walk(process.steps)]
    for shape in shapes:
        if isinstance(shape, SetProperties):
            yield from (name.removeprefix(SPACE) for name in shape.properties if name.startswith(SPACE))
    operations = [part for each in project.operations.values() for part in (each.operation, each.keys)]
    for settings in (*shapes, *operations):
        for template in templates(settings):
            yield from reads(template.source, "process")
