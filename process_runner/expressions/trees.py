"""Trees: texts whose expressions only Jinja's parser can take apart, as columns."""

from __future__ import annotations

from jinja2 import nodes

from process_runner.expressions.closures import names_of
from process_runner.expressions.columns import Look, joined, reference, with_default
from process_runner.expressions.jinja import parsed


class _Unusual(Exception):
    """Something that no column is made of."""


def looks(source: str) -> Look | None:
    """How to look at a block for such a text; None where it has anything but references and defaults."""
    body = parsed(source).body
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output):
        return None
    try:
        return joined([each.data if isinstance(each, nodes.TemplateData) else _look(each) for each in output.nodes])
    except _Unusual:
        return None


def _look(node: nodes.Node) -> Look:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        text = node.value
        return lambda sight: text
    if isinstance(node, nodes.Filter) and node.name in ("default", "d") and _has_one_argument(node):
        return with_default(_look(node.node or node), _look(node.args[0]))
    if isinstance(node, nodes.Getattr | nodes.Getitem) and (found := reference(names_of(node))):
        return found
    raise _Unusual


def _has_one_argument(node: nodes.Filter) -> bool:
    return len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
