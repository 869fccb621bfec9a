"""What the steps of a project use: components, and properties that expressions read."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import nodes

from connector_sdk import Settings
from process_runner.engine.step import Step, walk
from process_runner.expressions import templates
from process_runner.expressions.environment import environment
from process_runner.language.project import Project

PARSED = 1_000
"""Expressions whose parsed form is kept."""
CALLED = ("connections", "operations")
"""The sections that `call()` names components of, in the order of its arguments."""
_OPTIONAL = ("default", "d", "defined", "undefined")


def steps(project: Project) -> Iterator[Step]:
    """Every step of every process."""
    for process in project.processes.values():
        yield from walk(process.steps)


def trees(settings: Settings) -> Iterator[nodes.Template]:
    """The parsed expressions of settings; of a shape without those in its nested paths."""
    for template in templates(settings):
        if not template.constant:
            yield _parsed(template.source)


@functools.lru_cache(maxsize=PARSED)
def _parsed(source: str) -> nodes.Template:
    """Several rules look at the same expression."""
    return environment().parse(source)


def needed(tree: nodes.Template, view: str) -> Iterator[tuple[str, ...]]:
    """What is read from a view and has to be there: `("s3", "bucket")` for `prop.s3.bucket`."""
    optional = {id(each.node) for each in tree.find_all((nodes.Filter, nodes.Test)) if each.name in _OPTIONAL}
    inner = {id(each.node) for each in _reading(tree)}
    for each in _reading(tree):
        if id(each) not in inner and id(each) not in optional and (names := _names(each, view)):
            yield names


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
        for name, field in type(value).model_fields.items():
            extra = field.json_schema_extra
            inside = getattr(value, name)
            if isinstance(extra, dict) and extra.get("x-name-of") == section and isinstance(inside, str):
                yield inside
            else:
                yield from named_components(inside, section)


def used_components(users: Iterable[Settings], section: str) -> Iterator[str | None]:
    """Names of components of a section that shapes and operations use; None for one that only a run can tell."""
    for user in users:
        yield from named_components(user, section)
        for tree in trees(user):
            yield from _called(tree, CALLED.index(section))


def _called(tree: nodes.Template, position: int) -> Iterator[str | None]:
    """The names at a position of `call('connection', 'operation')`."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "call":
            for given in call.args[position : position + 1]:
                yield given.value if isinstance(given, nodes.Const) else None


def _reading(tree: nodes.Template) -> Iterator[nodes.Getattr | nodes.Getitem]:
    yield from tree.find_all(nodes.Getattr)
    yield from tree.find_all(nodes.Getitem)


def _names(node: nodes.Node, view: str) -> tuple[str, ...]:
    """The names from the view to the node; nothing where another view is read, or a name is computed."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            names.append(node.attr)
        elif isinstance(node.arg, nodes.Const):
            names.append(str(node.arg.value))
        else:
            return ()
        node = node.node
    return tuple(reversed(names)) if isinstance(node, nodes.Name) and node.name == view else ()
