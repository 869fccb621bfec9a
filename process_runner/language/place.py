"""Where something stands in the project's files, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from process_runner.redaction import one_line

SHOWN = 24
"""Names in a list of what would work."""
LONGEST = 600
"""Characters of a message."""


class Place(NamedTuple):
    """A position in a file; `line` and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """Something that keeps a project from running; told in one line, whatever names are in it."""

    place: Place
    message: str

    def __str__(self) -> str:
        return one_line(f"{self.place}: {_short(self.message)}")


class InvalidProject(Exception):
    """The files cannot run; `problems` holds every reason, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def _short(message: str) -> str:
    """The message without the middle of what an author would not read to its end."""
    return message if len(message) <= LONGEST else f"{message[: LONGEST // 2]}...{message[-LONGEST // 2 :]}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The name that `word` is a misspelling of, if it is one."""
    from difflib import get_close_matches

    lowered = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), lowered, n=1, cutoff=0.7)
    return lowered[near[0]] if near else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """What would work instead of `word`: its nearest neighbour, else the whole short list."""
    names = sorted(known)
    if near := nearest(word, names):
        return f"; did you mean '{near}'?"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"; known: {', '.join(names[:SHOWN])}{more}" if names else ""
