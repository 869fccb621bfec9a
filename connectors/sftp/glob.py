"""Patterns of paths: `*`, `?` and `[...]` within a name, `**` for any folders between."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from connectors.sftp.names import Parts, as_parts

Places: TypeAlias = frozenset[int]
"""How many parts of a pattern a path may have used up."""

ANY_FOLDERS = "**"


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, part by part. As in a shell, a leading dot is matched by a written dot only."""

    parts: Parts

    @classmethod
    def of(cls, pattern: str, recursive: bool) -> Glob:
        """The pattern as a process writes it; `recursive` lets it match in any sub-folder."""
        return cls((ANY_FOLDERS,) * recursive + as_parts(pattern))

    def matches(self, path: Parts) -> bool:
        """Whether the whole path fits."""
        return len(self.parts) in self._along(path)

    def enters(self, path: Parts) -> bool:
        """Whether something below this folder may fit."""
        return any(at < len(self.parts) for at in self._along(path))

    def _along(self, path: Parts) -> Places:
        return functools.reduce(self._after, path, self._closed((0,)))

    def _after(self, places: Places, name: str) -> Places:
        return self._closed(
            at + (self.parts[at] != ANY_FOLDERS)
            for at in places
            if at < len(self.parts) and self._takes(self.parts[at], name)
        )

    def _takes(self, part: str, name: str) -> bool:
        visible = not name.startswith(".") or part.startswith(".")
        return visible and (part == ANY_FOLDERS or fnmatchcase(name, part))

    def _closed(self, places: Iterable[int]) -> Places:
        # any folders may be none at all
        reached = set(places)
        for at, part in enumerate(self.parts):
            if at in reached and part == ANY_FOLDERS:
                reached.add(at + 1)
        return frozenset(reached)
