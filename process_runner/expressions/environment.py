"""The Jinja environment: sandboxed, strict, and telling what exists where something is missing."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment

from process_runner.expressions import bounds
from process_runner.expressions.filters import FILTERS
from process_runner.expressions.values import Absent, text_of


class Missing(StrictUndefined, Absent):
    """A name, property or path that is not there; views explain themselves through `_missing`."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        explain = getattr(self._undefined_obj, "_missing", None)
        if self._undefined_hint is None and explain is not None:
            return str(explain(self._undefined_name))
        return str(super()._undefined_message)


def why(absent: Absent) -> str:
    """What is missing, and what there is instead."""
    return absent._undefined_message if isinstance(absent, Missing) else ""


class _Code(CodeGenerator):
    """Has `~` put texts together within bounds, as all else does."""

    def visit_Concat(self, node: nodes.Concat, frame: Any) -> None:  # noqa: N802  # as Jinja calls it
        self.write("environment.concat(map(str, (")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write(")))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Lets no expression make more than `bounds` allow, by operators, methods, filters or loops."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})
    code_generator_class = _Code
    concat = staticmethod(bounds.joined)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Apply an operator, unless its result is far larger than any property."""
        bounds.check_operator(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, obj: Any, *arguments: Any, **named: Any) -> Any:
        """Call a method, unless its result is."""
        bounds.check_method(obj, arguments, named)
        return super().call(context, obj, *arguments, **named)


@functools.cache
def environment() -> Sandbox:
    """The one environment; it is never changed after this."""
    made = Sandbox(undefined=Missing, keep_trailing_newline=True, autoescape=False, finalize=_written)
    made.filters.update(FILTERS)
    made.filters = {name: bounds.bounded(name, each) for name, each in made.filters.items()}
    for name in ("cycler", "joiner", "lipsum"):
        del made.globals[name]
    return made


def _written(value: Any) -> Any:
    """A value within a text, in the same form as a value alone."""
    return value if isinstance(value, Undefined) else text_of(value)
