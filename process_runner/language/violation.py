"""What is wrong with a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, in words, at a path from the value that was judged; `kind` where that says more."""

    message: str
    path: tuple[str | int, ...] = ()
    kind: str | None = None

    def below(self, key: str | int) -> Violation:
        """The same, seen from further out."""
        return replace(self, path=(key, *self.path))


Violations = Iterator[Violation]
