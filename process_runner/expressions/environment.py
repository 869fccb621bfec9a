"""The Jinja environment: sandboxed, strict, and telling what exists where something is missing."""

from __future__ import annotations

import functools
import re
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from process_runner.expressions.filters import FILTERS
from process_runner.expressions.values import text_of

LONGEST = 10_000_000
"""A repetition may not make a text or list with more characters or items."""
_WIDTH = re.compile(r"\d+")


class Missing(StrictUndefined):
    """A name, property or path that is not there; views explain themselves through `_missing`."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        explain = getattr(self._undefined_obj, "_missing", None)
        if self._undefined_hint is None and explain is not None:
            return str(explain(self._undefined_name))
        return str(super()._undefined_message)


def why(missing: Missing) -> str:
    """What is missing, and what there is instead."""
    return missing._undefined_message


class Sandbox(ImmutableSandboxedEnvironment):
    """Guards repetition, powers and padding too; filters such as `center` and `replace` are not guarded."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse results that are far larger than any property."""
        if operator == "**" and (abs(left) > LONGEST or abs(right) > 1000):
            raise SecurityError("the power is too large")
        if operator == "*":
            for sequence, times in ((left, right), (right, left)):
                if hasattr(sequence, "__len__") and isinstance(times, int) and len(sequence) * times > LONGEST:
                    raise SecurityError(f"a repetition may not pass {LONGEST:,} characters")
        if operator == "%" and isinstance(left, str) and any(int(width) > LONGEST for width in _WIDTH.findall(left)):
            raise SecurityError(f"a text may not be padded past {LONGEST:,} characters")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, obj: Any, *arguments: Any, **named: Any) -> Any:
        """Refuse to pad a text past any sense, as `ljust` and its kin could."""
        widths = [each for each in arguments if isinstance(each, int)]
        if isinstance(getattr(obj, "__self__", None), str) and max(widths, default=0) > LONGEST:
            raise SecurityError(f"a text may not be padded past {LONGEST:,} characters")
        return super().call(context, obj, *arguments, **named)


@functools.cache
def environment() -> Sandbox:
    """The one environment; it is never changed after this."""
    made = Sandbox(undefined=Missing, keep_trailing_newline=True, autoescape=False, finalize=_written)
    made.filters.update(FILTERS)
    for name in ("cycler", "joiner", "lipsum"):
        del made.globals[name]
    return made


def _written(value: Any) -> Any:
    """A value within a text, in the same form as a value alone."""
    return value if isinstance(value, Undefined) else text_of(value)
