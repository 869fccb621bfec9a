"""What an expression is compiled against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from connectors.s3.select.faults import Fault, refusal
from connectors.s3.select.timestamps import Timestamp
from connectors.s3.select.tree import Aggregate, Node, Path

Evaluate: TypeAlias = Callable[[Any], Any]
"""From a record to a value."""
Compile: TypeAlias = Callable[[Any, "Scope"], Evaluate]
"""From a node to how its value is got."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`column` gives access to a path in a record; `loose` is the rule for comparing the text of CSV fields.

    `compilers` know each kind of node; `totals` says where in a record of results an aggregate stands.
    """

    expression: str
    column: Callable[[Path], Evaluate]
    loose: bool
    now: Timestamp
    compilers: Mapping[type, Compile]
    totals: Mapping[Aggregate, int] = field(default_factory=dict)

    def compiled(self, node: Node) -> Evaluate:
        """How to get the value of `node` from a record."""
        return self.compilers[type(node)](node, self)

    def placed(self, offset: int, evaluate: Evaluate) -> Evaluate:
        """The same evaluation, whose faults become errors that name the place in the expression."""

        def with_place(record: Any) -> Any:
            try:
                return evaluate(record)
            except Fault as fault:
                raise refusal(self.expression, offset, fault.code, str(fault)) from fault

        return with_place
