"""What the steps of a project use: components, and properties that expressions read.

Expressions that are references alone tell it themselves; Jinja is only asked about others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector_sdk import Settings
from connector_sdk.settings import fields
from process_runner.engine.step import Step, walk
from process_runner.expressions import templates
from process_runner.expressions.references import named
from process_runner.language.project import Project

CALLED = ("connections", "operations")
"""The sections that `call()` names components of, in the order of its arguments."""


def steps(project: Project) -> Iterator[Step]:
    """Every step of every process."""
    for process in project.processes.values():
        yield from walk(process.steps)


def sources(settings: Settings) -> Iterator[str]:
    """The expressions of settings as they are written; of a shape without those in its nested paths."""
    return (template.source for template in templates(settings) if not template.constant)


def needed(source: str, view: str) -> Iterable[tuple[str, ...]]:
    """What is read from a view and has to be there: `("s3", "bucket")` for `prop.s3.bucket`."""
    if (known := named(source)) is not None:
        return [names[1:] for names in known if names[0] == view]
    from process_runner.lint import _trees

    return _trees.needed(source, view)


def uses(source: str, name: str) -> bool:
    """Whether a name stands anywhere in an expression."""
    if (known := named(source)) is not None:
        return any(names[0] == name for names in known)
    from process_runner.lint import _trees

    return _trees.uses(source, name)


def named_components(value: Any, section: str) -> Iterator[str]:
    """The names of components of a section that settings refer to, in nested steps too."""
    if isinstance(value, Step):
        yield from named_components(value.shape, section)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from named_components(each, section)
    elif isinstance(value, Mapping):
        yield from named_components(tuple(value.values()), section)
    elif isinstance(value, Settings):
        for name, field in fields(value).items():
            inside = getattr(value, name)
            if field.keywords.get("x-name-of") == section and isinstance(inside, str):
                yield inside
            else:
                yield from named_components(inside, section)


def used_components(users: Iterable[Settings], section: str) -> Iterator[str | None]:
    """Names of components of a section that shapes and operations use; None for one that only a run can tell."""
    for user in users:
        yield from named_components(user, section)
        for source in sources(user):
            yield from _called(source, CALLED.index(section))


def _called(source: str, position: int) -> Iterable[str | None]:
    """The names at a position of `call('connection', 'operation')`."""
    if named(source) is not None:
        return ()
    from process_runner.lint import _trees

    return _trees.called(source, position)
