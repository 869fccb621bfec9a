"""What expressions say about themselves: where they are in settings, and what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

from connector_sdk import Settings
from process_runner.expressions.environment import environment
from process_runner.expressions.template import Template


def templates(value: Any) -> Iterator[Template]:
    """Every template in a value: in settings, lists and mappings, but not in the steps of nested paths."""
    if isinstance(value, Template):
        yield value
    elif isinstance(value, Settings):
        for name in type(value).model_fields:
            yield from templates(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from templates(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from templates(each)


def reads(source: Any, view: str) -> set[str | None]:
    """The names that an expression reads from a view, such as the NAMEs of `process.NAME`.

    None stands for those that only a run can tell: `process[document.text]`, or the view as a whole.
    """
    if Template(source).constant:
        return set()
    tree = environment().parse(source)
    found: set[str | None] = set()
    named = 0
    all_reads: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for each in all_reads:
        if _is_name(each.node, view):
            named += 1
            found.add(_name(each))
    whole = sum(_is_name(each, view) for each in tree.find_all(nodes.Name))
    return found | ({None} if whole > named else set())


def names_read(source: Any, view: str) -> set[str]:
    """The same, without what only a run can tell."""
    return {name for name in reads(source, view) if name is not None}


def _name(read: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(read, nodes.Getattr):
        return read.attr
    return str(read.arg.value) if isinstance(read.arg, nodes.Const) else None


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
