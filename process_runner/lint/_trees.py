"""What expressions read, seen in the syntax trees that Jinja makes of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from jinja2 import nodes

from process_runner.expressions import jinja

PARSED = 1_000
"""Expressions whose parsed form is kept."""
_OPTIONAL = ("default", "d", "defined", "undefined")


@functools.lru_cache(maxsize=PARSED)
def _parsed(source: str) -> nodes.Template:
    """Several rules look at the same expression."""
    return jinja.parsed(source)


def needed(source: str, view: str) -> Iterator[tuple[str, ...]]:
    """What is read from a view and has to be there: `("s3", "bucket")` for `prop.s3.bucket`."""
    tree = _parsed(source)
    optional = {id(each.node) for each in tree.find_all((nodes.Filter, nodes.Test)) if each.name in _OPTIONAL}
    inner = {id(each.node) for each in _reading(tree)}
    for each in _reading(tree):
        if id(each) not in inner and id(each) not in optional and (names := _names(each, view)):
            yield names


def called(source: str, position: int) -> Iterator[str | None]:
    """The names at a position of `call('connection', 'operation')`; None for one that only a run can tell."""
    for call in _parsed(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "call":
            for given in call.args[position : position + 1]:
                yield given.value if isinstance(given, nodes.Const) else None


def uses(source: str, name: str) -> bool:
    """Whether a name stands anywhere in an expression."""
    return any(each.name == name for each in _parsed(source).find_all(nodes.Name))


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
