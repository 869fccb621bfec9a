"""What is wrong with a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Violation(NamedTuple):
    """What is wrong, in words, at a path from the value that was judged; `kind` where that says more."""

    message: str
    path: tuple[str | int, ...] = ()
    kind: str | None = None

    def below(self, key: str | int) -> Violation:
        """The same, seen from further out."""
        return self._replace(path=(key, *self.path))


Violations = Iterator[Violation]
