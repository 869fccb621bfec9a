"""Closures: everyday expressions as Python functions, several times faster than the code that Jinja makes of them.

A closure gives the value that Jinja would give, or raises, or gives what is Missing; whoever calls it then asks Jinja,
which explains what is wrong. So nothing but speed depends on what is recognised here, and nothing is recognised that
has an effect: no `uuid()`, no `sequence()`, no `call()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes
from jinja2.nodes import EvalContext

from process_runner.expressions import applied
from process_runner.expressions.environment import Missing, environment
from process_runner.expressions.references import Reader, joined, reference

if TYPE_CHECKING:
    from process_runner.expressions.scope import Scope

_MISSING = Missing()


class _Unusual(Exception):
    """Something in an expression that is left to Jinja."""


def reader(tree: nodes.Template) -> Reader | None:
    """The closure of a template; None where anything in it is left to Jinja."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    parts = tree.body[0].nodes
    try:
        if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
            return _closure(parts[0])
        return joined([each.data if isinstance(each, nodes.TemplateData) else _closure(each) for each in parts])
    except (_Unusual, RecursionError):
        return None


def _closure(node: nodes.Node | None) -> Reader:
    make = _NODES.get(type(node))
    if make is None:
        raise _Unusual
    return make(node)


def _constant(node: nodes.Const) -> Reader:
    value = node.value
    return lambda scope: value


def _items(node: nodes.List | nodes.Tuple) -> Reader:
    if not all(isinstance(each, nodes.Const) for each in node.items):
        raise _Unusual
    kind, values = (list if isinstance(node, nodes.List) else tuple), node.as_const()
    return lambda scope: kind(values)


def _reference(node: nodes.Getattr | nodes.Getitem) -> Reader:
    names = names_of(node)
    if names and (found := reference(names, _MISSING)):
        return found
    if isinstance(node, nodes.Getattr):
        raise _Unusual
    return _item(node)


def names_of(node: nodes.Expr) -> tuple[str, ...]:
    """The names of `prop.s3.bucket`, which can be written in brackets too; none for anything else."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    name: Any = None
    if isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = node.arg.value
    if not isinstance(name, str) or name.startswith("_"):
        return ()
    outer = names_of(node.node)  # type: ignore[attr-defined]  # one of the two above
    return (*outer, name) if outer else ()


def _item(node: nodes.Getitem) -> Reader:
    whole = _closure(node.node)
    place = _slice(node.arg) if isinstance(node.arg, nodes.Slice) else _closure(node.arg)

    def read(scope: Scope) -> Any:
        items = whole(scope)
        if not isinstance(items, str | list | tuple | dict):
            raise TypeError(items)
        return items[place(scope)]

    return read


def _slice(node: nodes.Slice) -> Reader:
    start, stop, step = (_closure(each or nodes.Const(None)) for each in (node.start, node.stop, node.step))
    return lambda scope: slice(start(scope), stop(scope), step(scope))


def _call(node: nodes.Call) -> Reader:
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise _Unusual
    called, given = node.node, [_closure(each) for each in node.args]
    if isinstance(called, nodes.Getattr) and called.attr in applied.METHODS:
        return applied.method(_closure(called.node), called.attr, given)
    if not isinstance(called, nodes.Name):
        raise _Unusual
    name = called.name
    if name == "now" and not given:
        return lambda scope: scope.facts.clock()
    if name in {"json", "xml", "csv"} and len(given) == 1:
        (path,) = given
        return lambda scope: scope.names[name](path(scope))
    raise _Unusual


def _filter(node: nodes.Filter) -> Reader:
    if node.name not in applied.FILTERS or node.dyn_args or node.dyn_kwargs:
        raise _Unusual
    value, given = _closure(node.node), [_closure(each) for each in node.args]
    if node.name in {"default", "d"} and len(given) == 1 and not node.kwargs:
        return applied.with_default(value, given[0], _MISSING)
    function = environment().filters[node.name]
    named = {str(each.key): _closure(each.value) for each in node.kwargs}
    return applied.filtered(_as_filter(function), value, given, named)


def _as_filter(function: Any) -> Callable[..., Any]:
    """The function with what Jinja gives it before its value."""
    wanted = getattr(function, "jinja_pass_arg", None)
    if wanted is None:
        return cast(Callable[..., Any], function)
    given = {"environment": environment(), "eval_context": EvalContext(environment())}
    if wanted.name not in given:
        raise _Unusual
    return partial(function, given[wanted.name])


def _test(node: nodes.Test) -> Reader:
    if node.name not in {"defined", "undefined"} or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise _Unusual
    value, is_wanted = _closure(node.node), node.name == "defined"
    return lambda scope: (type(value(scope)) is not Missing) is is_wanted


def _concat(node: nodes.Concat) -> Reader:
    return applied.concatenated([_closure(each) for each in node.nodes])


def _compare(node: nodes.Compare) -> Reader:
    if len(node.ops) != 1:
        raise _Unusual
    return applied.compared(node.ops[0].op, _closure(node.expr), _closure(node.ops[0].expr))


def _arithmetic(node: nodes.BinExpr) -> Reader:
    return applied.computed(node.operator, _closure(node.left), _closure(node.right))


def _and(node: nodes.And) -> Reader:
    left, right = _closure(node.left), _closure(node.right)
    return lambda scope: left(scope) and right(scope)


def _or(node: nodes.Or) -> Reader:
    left, right = _closure(node.left), _closure(node.right)
    return lambda scope: left(scope) or right(scope)


def _not(node: nodes.Not) -> Reader:
    value = _closure(node.node)
    return lambda scope: not value(scope)


def _negative(node: nodes.Neg) -> Reader:
    value = _closure(node.node)
    return lambda scope: -value(scope)


def _choice(node: nodes.CondExpr) -> Reader:
    test, yes, no = _closure(node.test), _closure(node.expr1), _closure(node.expr2)
    return lambda scope: yes(scope) if test(scope) else no(scope)


_NODES: Mapping[type[Any], Callable[[Any], Reader]] = MappingProxyType(
    {
        nodes.Const: _constant,
        nodes.List: _items,
        nodes.Tuple: _items,
        nodes.Getattr: _reference,
        nodes.Getitem: _reference,
        nodes.Call: _call,
        nodes.Filter: _filter,
        nodes.Test: _test,
        nodes.Concat: _concat,
        nodes.Compare: _compare,
        **dict.fromkeys((nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod), _arithmetic),
        nodes.And: _and,
        nodes.Or: _or,
        nodes.Not: _not,
        nodes.Neg: _negative,
        nodes.CondExpr: _choice,
    }
)
