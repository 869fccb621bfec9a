"""Conditions -> closures, in the logic of three values: TRUE, FALSE and not known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.like import like
from connectors.s3.select.scope import Compile, Evaluate, Scope
from connectors.s3.select.tree import Between, Binary, Case, In, Is, Like, Literal, Logical, Node, Not
from connectors.s3.select.values import MISSING, comparable, is_unknown, kind_of

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "=": operator.eq,
        "<>": operator.ne,
        "!=": operator.ne,
        "<": operator.lt,
        ">": operator.gt,
        "<=": operator.le,
        ">=": operator.ge,
    }
)


def comparison(left: Evaluate, right: Evaluate, sign: str, loose: bool) -> Evaluate:
    """Two values compared; values of different types are never equal, and neither is the smaller one."""
    compare = COMPARISONS[sign]
    mismatch = {"=": False, "<>": True, "!=": True}.get(sign)

    def evaluate(record: Any) -> bool | None:
        a, b = left(record), right(record)
        if type(a) is str and type(b) is str:
            return compare(a, b)
        if is_unknown(a) or is_unknown(b):
            return None
        pair = comparable(a, b, loose)
        if pair is None or (mismatch is None and type(pair[0]) in (list, dict)):
            return mismatch
        return compare(*pair)

    return evaluate


def _logical(node: Logical, scope: Scope) -> Evaluate:
    terms = [condition(term, scope) for term in node.terms]
    decisive = node.operator == "or"

    def evaluate(record: Any) -> bool | None:
        result: bool | None = not decisive
        for term in terms:
            value = term(record)
            if value is decisive:
                return decisive
            if value is None:
                result = None
        return result

    return evaluate


def condition(node: Node, scope: Scope) -> Callable[[Any], bool | None]:
    """A node as a test: True, False, or None where it is not known."""
    evaluate = scope.compiled(node)

    def test(record: Any) -> bool | None:
        value = evaluate(record)
        if value is True or value is False or value is None:
            return value
        if value is MISSING:
            return None
        raise Fault("InvalidDataType", f"a condition is TRUE or FALSE, not {kind_of(value)}")

    return scope.placed(node.offset, test)


def _not(node: Not, scope: Scope) -> Evaluate:
    test = condition(node.operand, scope)

    def evaluate(record: Any) -> bool | None:
        value = test(record)
        return None if value is None else not value

    return evaluate


def _is(node: Is, scope: Scope) -> Evaluate:
    operand = scope.compiled(node.operand)
    if node.what == "missing":
        return lambda record: operand(record) is MISSING
    return lambda record: is_unknown(operand(record))


def _between(node: Between, scope: Scope) -> Evaluate:
    low = Binary(">=", node.operand, node.low, node.offset)
    high = Binary("<=", node.operand, node.high, node.offset)
    return _logical(Logical("and", (low, high), node.offset), scope)


def _in(node: In, scope: Scope) -> Evaluate:
    if isinstance(node.choices, tuple):
        if all(isinstance(choice, Literal) and type(choice.value) is str for choice in node.choices):
            return _in_texts(node, scope)
        equals = tuple(Binary("=", node.operand, choice, node.offset) for choice in node.choices)
        return _logical(Logical("or", equals, node.offset), scope)
    operand, array = scope.compiled(node.operand), scope.compiled(node.choices)

    def evaluate(record: Any) -> bool | None:
        value, choices = operand(record), array(record)
        if is_unknown(value) or type(choices) is not list:
            return None
        pairs = (comparable(value, choice, scope.loose) for choice in choices)
        return any(pair is not None and pair[0] == pair[1] for pair in pairs)

    return evaluate


def _in_texts(node: In, scope: Scope) -> Evaluate:
    operand, choices = scope.compiled(node.operand), node.choices if isinstance(node.choices, tuple) else ()
    texts = frozenset(choice.value for choice in choices if isinstance(choice, Literal))
    equal = [comparison(operand, scope.compiled(choice), "=", scope.loose) for choice in choices]

    def evaluate(record: Any) -> bool | None:
        value = operand(record)
        if is_unknown(value):
            return None
        return value in texts if type(value) is str else any(each(record) for each in equal)

    return evaluate


def _like(node: Like, scope: Scope) -> Evaluate:
    operand, pattern = scope.compiled(node.operand), scope.compiled(node.pattern)
    escape = scope.compiled(node.escape) if node.escape else lambda record: None
    if isinstance(node.pattern, Literal) and isinstance(node.escape, Literal | None):
        fixed = scope.placed(node.offset, lambda record: like(pattern(record), escape(record)))(None)
        return scope.placed(node.offset, lambda record: _matched(operand(record), lambda: fixed))
    return scope.placed(
        node.offset, lambda record: _matched(operand(record), lambda: like(pattern(record), escape(record)))
    )


def _matched(value: Any, test: Callable[[], Callable[[str], bool | None]]) -> bool | None:
    if is_unknown(value):
        return None
    if type(value) is not str:
        raise Fault("LikeInvalidInputs", f"LIKE takes a text, not {kind_of(value)}; use CAST(... AS STRING)")
    return test()(value)


def _case(node: Case, scope: Scope) -> Evaluate:
    branches = [(condition(when, scope), scope.compiled(then)) for when, then in node.branches]
    otherwise = scope.compiled(node.otherwise)

    def evaluate(record: Any) -> Any:
        for when, then in branches:
            if when(record) is True:
                return then(record)
        return otherwise(record)

    return evaluate


PREDICATES: Mapping[type, Compile] = MappingProxyType(
    {Between: _between, Case: _case, In: _in, Is: _is, Like: _like, Logical: _logical, Not: _not}
)
