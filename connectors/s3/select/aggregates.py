"""COUNT, SUM, AVG, MIN and MAX over all records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.s3.select.numbers import arithmetic, as_number, average
from connectors.s3.select.scope import Evaluate, Scope
from connectors.s3.select.tree import Aggregate, Literal
from connectors.s3.select.values import comparable, is_unknown


class Running:
    """One aggregate on its way through the records; `add` sees each of them."""

    def __init__(self, node: Aggregate, scope: Scope) -> None:
        operand = node.operand or Literal(1, node.offset)
        self._operand = scope.compiled(operand)
        self._function = node.function
        self._loose = scope.loose
        self._join = self._joining(node.function)
        self._count = 0
        self._value: Any = None
        self.add: Evaluate = scope.placed(node.offset, self._add)

    @property
    def result(self) -> Any:
        """The aggregate of what was added: NULL of nothing, but a COUNT of 0."""
        if self._function == "count":
            return self._count
        if self._function == "avg" and self._count:
            return average(self._value, self._count)
        return self._value

    def _add(self, record: Any) -> None:
        value = self._operand(record)
        if is_unknown(value):
            return
        self._count += 1
        if self._function == "count":
            return
        number = as_number(value, self._loose)
        self._value = number if self._value is None else self._join(self._value, number)

    def _joining(self, function: str) -> Callable[[Any, Any], Any]:
        if function == "min":
            return lambda kept, new: new if _less(new, kept) else kept
        if function == "max":
            return lambda kept, new: new if _less(kept, new) else kept
        return arithmetic("+", loose=False)


def _less(left: Any, right: Any) -> bool:
    pair = comparable(left, right, loose=False)
    return pair is not None and bool(pair[0] < pair[1])
