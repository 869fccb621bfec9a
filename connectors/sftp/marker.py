"""Files that say of another that it is complete."""

from __future__ import annotations

import posixpath

from connectors.sftp.names import Parts
from connectors.sftp.walk import Entry


class Marker:
    """`pattern` is the name of the mark, with `{name}` or `{stem}` of the file it speaks of; None marks nothing."""

    def __init__(self, pattern: str | None) -> None:
        self._pattern = pattern
        self._marks: dict[Parts, frozenset[str]] = {}

    def allows(self, entry: Entry) -> bool:
        """Whether the entry is marked as complete and is no mark itself."""
        if self._pattern is None:
            return True
        name = entry.parts[-1]
        return self._mark(name) in entry.beside and name not in self._all(entry)

    def _all(self, entry: Entry) -> frozenset[str]:
        """The names that are marks in the folder of the entry."""
        folder = entry.parts[:-1]
        if folder not in self._marks:
            self._marks[folder] = frozenset(self._mark(name) for name in entry.beside)
        return self._marks[folder]

    def _mark(self, name: str) -> str:
        stem, _ = posixpath.splitext(name)
        return (self._pattern or "").replace("{stem}", stem).replace("{name}", name)
