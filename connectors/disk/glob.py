"""Patterns of paths: `*`, `?` and `[...]` within a name, `**` for any folders between."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from connectors.disk.names import Parts, as_parts

ANY_FOLDERS = "**"


class Glob(NamedTuple):
    """A pattern, part by part. As in a shell, a name that starts with a dot is matched by a written dot only."""

    parts: Parts

    @classmethod
    def of(cls, pattern: str, recursive: bool) -> Glob:
        """The pattern as a process writes it; `recursive` lets it match in any sub-folder."""
        return cls((ANY_FOLDERS,) * recursive + as_parts(pattern))

    def matches(self, path: Parts) -> bool:
        """Whether the whole path fits."""
        if ANY_FOLDERS not in self.parts:
            return len(path) == len(self.parts) and all(map(self._after, range(len(path)), path))
        return len(self.parts) in self._reached(path)

    def enters(self, path: Parts) -> bool:
        """Whether something below this folder may fit."""
        return any(place < len(self.parts) for place in self._reached(path))

    def _reached(self, path: Parts) -> set[int]:
        places = self._skipping({0})
        for name in path:
            places = self._skipping(place for at in places for place in self._after(at, name))
        return places

    def _after(self, at: int, name: str) -> Iterable[int]:
        if at == len(self.parts):
            return ()
        if self.parts[at] == ANY_FOLDERS:
            return () if name.startswith(".") else (at,)
        visible = not name.startswith(".") or self.parts[at].startswith(".")
        return (at + 1,) if visible and fnmatchcase(name, self.parts[at]) else ()

    def _skipping(self, places: Iterable[int]) -> set[int]:
        reached = set(places)
        for at in range(len(self.parts)):
            if at in reached and self.parts[at] == ANY_FOLDERS:
                reached.add(at + 1)
        return reached
