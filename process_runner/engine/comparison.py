"""Comparisons: the operators of decisions and routes."""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from connector_sdk import DocumentError, Settings, setting
from process_runner.engine.step import Fault
from process_runner.expressions import Expression, OneByOne, Scope, Template, Texts, text_of


def _matches(value: Any, pattern: Any) -> bool:
    return _compiled(str(pattern)).search(str(value)) is not None


def _is_like(value: Any, pattern: Any) -> bool:
    return fnmatch.fnmatchcase(str(value), str(pattern).replace("[", "[[]"))


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "not_equals": operator.ne,
    "greater_than": operator.gt,
    "greater_or_equal": operator.ge,
    "less_than": operator.lt,
    "less_or_equal": operator.le,
    "matches": _matches,
    "like": _is_like,
}
_LONGEST = 500
"""Characters of a pattern in a message; a longer one is not quoted, as half a secret would not be recognised."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TEXT_ONLY = ("matches", "like")

Numbered = tuple[str, float | None]
"""A text, and the number that it is."""


class Operator(Settings, schema={"x-one-of": list(OPERATORS)}):
    """One operator with the value to compare with. Numbers compare as numbers when both sides are numbers."""

    equals: Expression | None = setting("The same.", None)
    not_equals: Expression | None = setting("Not the same.", None)
    greater_than: Expression | None = setting("Greater.", None)
    greater_or_equal: Expression | None = setting("Greater or the same.", None)
    less_than: Expression | None = setting("Less.", None)
    less_or_equal: Expression | None = setting("Less or the same.", None)
    matches: Expression | None = setting("A regular expression found somewhere in the text.", None)
    like: Expression | None = setting("The whole text, where * stands for any characters and ? for one.", None)

    def holds(self, value: Any, scope: Scope) -> bool:
        """Whether the value stands in this relation; DocumentError where that cannot be told."""
        _, _, expression, constant = self._relation
        return self._are_so(text_of(value), *(constant or _with_number(expression.text(scope))))

    def all_hold(self, values: Texts) -> list[bool] | bool:
        """The same for each document of a block, or for all; OneByOne where the operand is not the same each time."""
        constant = self._relation[3]
        if constant is None:
            raise OneByOne
        if isinstance(values, str):
            return self._are_so(values, *constant)
        return [self._are_so(value, *constant) for value in values]

    def faults(self) -> Iterator[Fault]:
        """No operator, more than one, or a pattern that does not compile."""
        given = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            yield Fault((), f"expected one operator, got {len(given) or 'none'}; known: {', '.join(OPERATORS)}")
        elif self.matches is not None and self.matches.constant:
            try:
                _compiled(str(self.matches.source))
            except DocumentError as error:
                yield Fault(("matches",), str(error))

    def _are_so(self, left: str, right: str, number: float | None) -> bool:
        is_of_texts, compare, *_ = self._relation
        if number is None or is_of_texts or (own := _number(left)) is None:
            return compare(left, right)
        return compare(own, number)

    @property
    def operand(self) -> Template:
        """What is compared with."""
        return self._relation[2]

    @cached_property
    def _relation(self) -> tuple[bool, Callable[[Any, Any], bool], Template, Numbered | None]:
        """Whether it is one of texts alone, how it compares with what, and that where it is the same each time."""
        name = next(name for name in OPERATORS if getattr(self, name) is not None)
        expression: Template = getattr(self, name)
        constant = _with_number(text_of(expression.source)) if expression.constant else None
        return name in _TEXT_ONLY, OPERATORS[name], expression, constant


class Comparison(Operator):
    """A value and an operator."""

    value: Expression = setting("What to compare.")


def truth(value: Any) -> bool:
    """Whether a value counts as true; the texts `true` and `false` are what they say, as properties are texts."""
    if isinstance(value, str):
        return value.strip().lower() not in ("", "false")
    return bool(value)


def _with_number(text: str) -> Numbered:
    return text, _number(text)


def _number(text: str) -> float | None:
    """What JSON and people call a number, neither `nan` nor `1_0`; None for anything else."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:  # Python reads no number of thousands of digits
        return None


def _shown(pattern: str) -> str:
    return pattern if len(pattern) <= _LONGEST else f"{len(pattern):,} characters"


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise DocumentError(f"'{_shown(pattern)}' is no regular expression: {error}", "InvalidPattern") from error
