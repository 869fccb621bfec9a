"""What operators, filters and methods of everyday expressions make of what readers give, within bounds."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from process_runner.expressions import bounds
from process_runner.expressions.references import Reader

if TYPE_CHECKING:
    from process_runner.expressions.scope import Scope

_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "eq": operator.eq,
        "ne": operator.ne,
        "gt": operator.gt,
        "gteq": operator.ge,
        "lt": operator.lt,
        "lteq": operator.le,
        "in": lambda item, items: item in items,
        "notin": lambda item, items: item not in items,
    }
)
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "//": operator.floordiv,
        "%": operator.mod,
    }
)
FILTERS = frozenset(
    {
        *("abs", "capitalize", "count", "d", "date", "default", "first", "float", "int", "last", "length", "lower"),
        *("replace", "round", "shift", "string", "title", "tojson", "trim", "truncate", "upper", "urlencode"),
    }
)
METHODS = frozenset(
    {
        *("capitalize", "count", "endswith", "find", "isdigit", "lower", "lstrip", "partition", "removeprefix"),
        *("removesuffix", "replace", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip"),
        *("title", "upper", "zfill"),
    }
)
"""Of texts. Those of both kinds have no effect, and give what is all there: no generator."""


def compared(operation: str, left: Reader, right: Reader) -> Reader:
    """A comparison, by Jinja's name of it."""
    compare = _COMPARISONS[operation]
    return lambda scope: compare(left(scope), right(scope))


def computed(sign: str, left: Reader, right: Reader) -> Reader:
    """An operator between two values."""
    compute = _ARITHMETIC[sign]

    def read(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        bounds.check_operator(sign, one, other)
        return compute(one, other)

    return read


def concatenated(parts: Sequence[Reader]) -> Reader:
    """Values put together by `~`."""
    return lambda scope: bounds.joined(str(each(scope)) for each in parts)


def method(of: Reader, name: str, given: Sequence[Reader]) -> Reader:
    """A method of a text."""

    def read(scope: Scope) -> Any:
        text = of(scope)
        if type(text) is not str:
            raise TypeError(text)
        function, arguments = getattr(text, name), tuple([each(scope) for each in given])
        bounds.check_method(function, arguments, {})
        return function(*arguments)

    return read


def filtered(
    function: Callable[..., Any], value: Reader, given: Sequence[Reader], named: Mapping[str, Reader]
) -> Reader:
    """A filter of the environment, which keeps to its bounds by itself."""
    if not given and not named:
        return lambda scope: function(value(scope))

    def read(scope: Scope) -> Any:
        found, arguments = value(scope), [each(scope) for each in given]
        return function(found, *arguments, **{name: each(scope) for name, each in named.items()})

    return read


def with_default(value: Reader, other: Reader, missing: Any) -> Reader:
    """The filter `default` with one argument."""
    absent = type(missing)

    def read(scope: Scope) -> Any:
        found, instead = value(scope), other(scope)  # both, as in Jinja an error in either is one
        made = instead if type(found) is absent else found
        if isinstance(made, str | list):
            bounds.check(len(made))
        return made

    return read
