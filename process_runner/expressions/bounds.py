"""Bounds: how much text an expression may make, told before it is made wherever that can be told."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from types import GeneratorType
from typing import Any

LARGEST = 64 << 20
"""Characters of a text, items of a list, or both together; as many bytes as an expression reads of a document."""
_CONTAINERS = (dict, list, tuple, set, frozenset)
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\d+|\*)?(?:\.(\d+|\*))?")
_BRACES = re.compile(r"\{[^{}:]*:([^{}]*)(\{)?")


class TooLarge(Exception):
    """What an expression would make is more than it may."""


def check(size: float) -> None:
    """TooLarge for a size that is past all sense."""
    if size > LARGEST:
        raise TooLarge(f"an expression may make at most {LARGEST:,} characters, or items of a list")


def weight(value: Any) -> int:
    """The characters and items in a value; TooLarge as soon as they are too many.

    A list may hold one text a million times, which is cheap until it is written.
    """
    found = len(value) if isinstance(value, str | bytes) else 1
    waiting = [value] if isinstance(value, _CONTAINERS) else []
    while waiting:
        inside = waiting.pop()
        items = chain(inside, inside.values()) if isinstance(inside, dict) else inside
        found += len(inside)
        for each in items:
            if isinstance(each, str):
                found += len(each)
            elif isinstance(each, _CONTAINERS):
                waiting.append(each)
        check(found)
    check(found)
    return found


def joined(parts: Iterable[str]) -> str:
    """The parts as one text."""
    return "".join(counted(parts))


def counted(parts: Iterable[Any]) -> Iterator[Any]:
    """The same parts; TooLarge as soon as they are too much."""
    found = 0
    for part in parts:
        found += len(part) if isinstance(part, str) else weight(part)
        check(found)
        yield part


def check_operator(operator: str, left: Any, right: Any) -> None:
    """TooLarge where the result of an operator would be too large."""
    if operator == "**" and (abs(left) > LARGEST or abs(right) > 1000):
        raise TooLarge("the power is too large")
    if operator == "%" and isinstance(left, str):
        check(_formatted(left, right))
    if operator == "+" and hasattr(left, "__len__") and hasattr(right, "__len__"):
        check(len(left) + len(right))
    if operator == "*":
        for sequence, times in ((left, right), (right, left)):
            if hasattr(sequence, "__len__") and isinstance(times, int):
                check(len(sequence) * times)


def check_method(method: Any, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """TooLarge where a method of a text would make too large a one."""
    method = getattr(method, "__wrapped__", method)  # the sandbox wraps `format`
    text = getattr(method, "__self__", None)
    if isinstance(text, str) and (cost := _METHODS.get(method.__name__)):
        _check_cost(cost, (text, *arguments), named)


def bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses to make too much."""
    cost = _FILTERS.get(name)
    is_given_context = hasattr(function, "jinja_pass_arg")

    @functools.wraps(function)
    def filtered(*arguments: Any, **named: Any) -> Any:
        if name == "join":
            place = int(is_given_context)
            arguments = (*arguments[:place], list(counted(arguments[place])), *arguments[place + 1 :])
        if cost:
            _check_cost(cost, arguments[1:] if is_given_context else arguments, named)
        made = function(*arguments, **named)
        if isinstance(made, str | list):
            check(len(made))
        return counted(made) if isinstance(made, GeneratorType) else made

    return filtered


def _check_cost(cost: Callable[..., float], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    size = 0.0
    with suppress(TypeError, AttributeError, ValueError):  # wrong arguments are told by what they are for
        size = cost(*arguments, **named)
    check(size)


def _padded(text: str, *widths: Any, **named: Any) -> int:
    return len(text) + max((each for each in (*widths, *named.values()) if isinstance(each, int)), default=0)


def _formatted(form: str, *values: Any, **named: Any) -> int:
    """The widths that a form asks for by itself or by its values, and the largest value in each of its places."""
    given = [*values, *named.values()]
    specs = [*_PERCENT.findall(form), *_BRACES.findall(form)]
    widths = [int(digits[:12]) for spec in specs for part in spec for digits in re.findall(r"\d+", part)]
    if any(mark in part for spec in specs for part in spec for mark in "*{"):
        widths += [abs(each) for value in given for each in _items(value) if isinstance(each, int)] * len(specs)
    return len(form) + sum(widths) + _places(form) * max(map(weight, given), default=0)


def _places(form: str) -> int:
    return form.count("%") + form.count("{")


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else (value,)


def _replaced(text: Any, old: Any, new: Any, count: Any = None) -> int:
    return len(str(text)) + str(text).count(str(old)) * len(str(new))


def _indented(text: Any, width: Any = 4, *_: Any, **__: Any) -> int:
    return weight(text) + (str(text).count("\n") + 1) * (width if isinstance(width, int) else len(width))


def _separated(values: Any, d: Any = "", attribute: Any = None) -> int:
    return weight(values) + len(values) * len(str(d))


def _wrapped(text: Any, width: int = 79, break_long_words: bool = True, wrapstring: Any = "\n", *_: Any) -> float:
    return weight(text) * (1 + len(wrapstring or "\n") / max(width, 1))


_METHODS: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill"), _padded),
    "format": _formatted,
    "format_map": _formatted,
    "join": lambda text, values: _separated(list(values), text),
    "replace": _replaced,
    "translate": lambda text, table: len(text) * (1 + max(map(weight, table.values()))),
    "expandtabs": lambda text, tabsize=8: len(text) + text.count("\t") * tabsize,
}
_FILTERS: dict[str, Callable[..., float]] = {
    "batch": lambda values, linecount, *_, **__: linecount,
    "center": _padded,
    "format": _formatted,
    "indent": _indented,
    "join": _separated,
    "pprint": weight,
    "replace": _replaced,
    "slice": lambda values, slices, *_, **__: slices,
    "string": weight,
    "tojson": lambda value, indent=0: weight(value) * (1 + (indent or 0)),
    "wordwrap": _wrapped,
    "xmlattr": lambda values, *_: weight(values),
}
"""What a result is at most, for those that may make much out of little; of the others it is enough to look at it."""
