"""Expressions -> closures that take a record and give a value; nothing else is within their reach."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from connectors.s3.select.casts import CASTS
from connectors.s3.select.faults import Fault
from connectors.s3.select.functions import FUNCTIONS
from connectors.s3.select.numbers import arithmetic
from connectors.s3.select.predicates import COMPARISONS, PREDICATES, comparison
from connectors.s3.select.scope import Compile, Evaluate, Scope
from connectors.s3.select.tree import Aggregate, Binary, Call, Cast, Literal, Path, Unary
from connectors.s3.select.values import is_unknown, kind_of


def _literal(node: Literal, _: Scope) -> Evaluate:
    value = node.value
    return lambda record: value


def _path(node: Path, scope: Scope) -> Evaluate:
    return scope.column(node)


def _aggregate(node: Aggregate, scope: Scope) -> Evaluate:
    return operator.itemgetter(scope.totals[node])


def _unary(node: Unary, scope: Scope) -> Evaluate:
    return _binary(Binary(node.operator, Literal(0, node.offset), node.operand, node.offset), scope)


def _binary(node: Binary, scope: Scope) -> Evaluate:
    left, right = scope.compiled(node.left), scope.compiled(node.right)
    if node.operator in COMPARISONS:
        return comparison(left, right, node.operator, scope.loose)
    work = _concatenated if node.operator == "||" else arithmetic(node.operator, scope.loose)

    def evaluate(record: Any) -> Any:
        a, b = left(record), right(record)
        return None if is_unknown(a) or is_unknown(b) else work(a, b)

    return scope.placed(node.offset, evaluate)


def _concatenated(left: Any, right: Any) -> str:
    if type(left) is not str or type(right) is not str:
        kind = kind_of(right if type(left) is str else left)
        raise Fault("IncorrectSqlFunctionArgumentType", f"|| joins texts, not {kind}; use CAST(... AS STRING)")
    return left + right


def _cast(node: Cast, scope: Scope) -> Evaluate:
    operand, cast = scope.compiled(node.operand), CASTS[node.type]

    def evaluate(record: Any) -> Any:
        value = operand(record)
        return value if is_unknown(value) else cast(value)

    return scope.placed(node.offset, evaluate)


def _call(node: Call, scope: Scope) -> Evaluate:
    arguments = [scope.compiled(argument) for argument in node.arguments]
    if node.function == "utcnow":
        return lambda record: scope.now
    if node.function == "coalesce":
        return lambda record: next((v for v in (each(record) for each in arguments) if not is_unknown(v)), None)
    if node.function == "nullif":
        same = comparison(arguments[0], arguments[1], "=", scope.loose)
        return lambda record: None if same(record) else arguments[0](record)
    function, option = FUNCTIONS[node.function], node.option

    def evaluate(record: Any) -> Any:
        values = [argument(record) for argument in arguments]
        return None if any(is_unknown(value) for value in values) else function(option, *values)

    return scope.placed(node.offset, evaluate)


COMPILERS: Mapping[type, Compile] = MappingProxyType(
    {
        **PREDICATES,
        Aggregate: _aggregate,
        Binary: _binary,
        Call: _call,
        Cast: _cast,
        Literal: _literal,
        Path: _path,
        Unary: _unary,
    }
)
