"""Which row groups of a Parquet object a WHERE clause lets out, by their statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from connectors.s3.select.tree import Between, Binary, Literal, Logical, Node, Path
from connectors.s3.select.values import comparable, is_unknown

Exact = Callable[[Path], str]
MIRRORED: Mapping[str, str] = MappingProxyType({"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="})
# Whether a group whose values lie between low and high may hold one for which `value OP bound` is true.
MAY: Mapping[str, Callable[[Any, Any, Any], bool]] = MappingProxyType(
    {
        "=": lambda low, high, bound: _below(low, bound) and _below(bound, high),
        "<": lambda low, high, bound: _strictly_below(low, bound),
        "<=": lambda low, high, bound: _below(low, bound),
        ">": lambda low, high, bound: _strictly_below(bound, high),
        ">=": lambda low, high, bound: _below(bound, high),
    }
)


def may_hold(where: Node | None, group: Any, exact: Exact) -> bool:
    """False only where no record of the row group can pass; `exact` names the column of a path, or nothing."""
    if isinstance(where, Logical):
        held = [may_hold(term, group, exact) for term in where.terms]
        return all(held) if where.operator == "and" else any(held)
    if isinstance(where, Between):
        bounds = Binary(">=", where.operand, where.low, 0), Binary("<=", where.operand, where.high, 0)
        return all(may_hold(bound, group, exact) for bound in bounds)
    if not isinstance(where, Binary) or where.operator not in MIRRORED:
        return True
    if isinstance(where.left, Path) and isinstance(where.right, Literal):
        return _within(exact(where.left), where.operator, where.right.value, group)
    if isinstance(where.left, Literal) and isinstance(where.right, Path):
        return _within(exact(where.right), MIRRORED[where.operator], where.left.value, group)
    return True


def _within(column: str, operator: str, bound: Any, group: Any) -> bool:
    statistics = _statistics(column, group)
    if is_unknown(bound):
        return False
    if statistics is None or not statistics.has_min_max:
        return True
    low, high = statistics.min, statistics.max
    return not _below(low, high) or MAY[operator](low, high, bound)  # a NaN is neither above nor below anything


def _statistics(column: str, group: Any) -> Any:
    chunks = (group.column(position) for position in range(group.num_columns))
    found = next((chunk for chunk in chunks if chunk.path_in_schema == column), None)
    return found.statistics if found is not None and found.is_stats_set else None


def _below(left: Any, right: Any) -> bool:
    pair = comparable(left, right, loose=False)
    return pair is None or bool(pair[0] <= pair[1])


def _strictly_below(left: Any, right: Any) -> bool:
    pair = comparable(left, right, loose=False)
    return pair is None or bool(pair[0] < pair[1])
