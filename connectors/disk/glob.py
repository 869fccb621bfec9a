"""Patterns of paths: `*`, `?` and `[...]` within a name, `**` for any folders between."""

from __future__ import annotations

import functools
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
        return len(self.parts) in self._further(_reached(self, path[:-1]), path[-1])

    def enters(self, path: Parts) -> bool:
        """Whether something below this folder may fit."""
        return any(place < len(self.parts) for place in _reached(self, path))

    def _further(self, places: Iterable[int], name: str) -> frozenset[int]:
        return self._skipping(place for at in places for place in self._after(at, name))

    def _after(self, at: int, name: str) -> Iterable[int]:
        if at == len(self.parts):
            return ()
        if self.parts[at] == ANY_FOLDERS:
            return () if name.startswith(".") else (at,)
        visible = not name.startswith(".") or self.parts[at].startswith(".")
        return (at + 1,) if visible and fnmatchcase(name, self.parts[at]) else ()

    def _skipping(self, places: Iterable[int]) -> frozenset[int]:
        reached = set(places)
        for at in range(len(self.parts)):
            if at in reached and self.parts[at] == ANY_FOLDERS:
                reached.add(at + 1)
        return frozenset(reached)


@functools.lru_cache(maxsize=64)
def _reached(glob: Glob, path: Parts) -> frozenset[int]:
    """Up to which of its parts the pattern fits a folder; asked for each of its files."""
    places = glob._skipping((0,))
    for name in path:
        places = glob._further(places, name)
    return places
