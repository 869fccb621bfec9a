"""LIKE in time linear in the text, whatever the pattern."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.values import is_unknown, kind_of


def like(pattern: Any, escape: Any = None) -> Callable[[str], bool | None]:
    """A test for one pattern: `%` is any text, `_` any character, and the escape makes the next one plain.

    Nothing is known of a pattern that is NULL or MISSING.

    The pieces between the `%` are looked for one after another, leftmost first, which never needs to go back.
    """
    if is_unknown(pattern):
        return lambda text: None
    if type(pattern) is not str:
        raise Fault("LikeInvalidInputs", f"LIKE takes a text as its pattern, not {kind_of(pattern)}")
    pieces = [(re.compile("".join(piece), re.DOTALL), len(piece)) for piece in _pieces(pattern, _checked(escape))]
    if len(pieces) == 1:
        return lambda text: pieces[0][0].fullmatch(text) is not None
    return lambda text: _found(text, pieces)


def _found(text: str, pieces: list[tuple[re.Pattern[str], int]]) -> bool:
    (first, at), *middle, (last, width) = pieces
    if first.match(text) is None:
        return False
    for piece, _ in middle:
        match = piece.search(text, at)
        if match is None:
            return False
        at = match.end()
    return len(text) - width >= at and last.fullmatch(text, len(text) - width) is not None


def _checked(escape: Any) -> str:
    if escape is None:
        return ""
    if type(escape) is not str or len(escape) != 1:
        raise Fault("EvaluatorLikePatternInvalidEscapeSequence", "ESCAPE takes one character")
    return escape


def _pieces(pattern: str, escape: str) -> list[list[str]]:
    """What stands between the `%`: one regular expression for each character."""
    pieces: list[list[str]] = [[]]
    letters = iter(pattern)
    for letter in letters:
        if letter == escape:
            pieces[-1].append(_escaped(next(letters, ""), escape))
        elif letter == "%":
            pieces.append([])
        else:
            pieces[-1].append("." if letter == "_" else re.escape(letter))
    return pieces


def _escaped(letter: str, escape: str) -> str:
    if letter in ("%", "_", escape):
        return re.escape(letter)
    raise Fault(
        "EvaluatorLikePatternInvalidEscapeSequence", f"'{escape}' escapes only %, _ and itself in a LIKE pattern"
    )
