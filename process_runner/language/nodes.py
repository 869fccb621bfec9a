"""Values of a YAML file that know where they stand."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from process_runner.language.place import Place

Path = Sequence[str | int]


_NOWHERE: dict[str, str] = {}
"""Shared by all mappings whose keys are of one file; replaced, never filled."""


class Mapping(dict[str, Any]):
    """A YAML mapping. Where things stand is packed into an array, as a project may hold a million values."""

    __slots__ = ("_at", "_elsewhere", "_marks", "file")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.file = place.file
        self._at = _packed(place)
        self._marks = array("Q")
        self._elsewhere: dict[str, str] = _NOWHERE

    @property
    def place(self) -> Place:
        """Where it begins."""
        return _place(self.file, self._at)

    def put(self, key: str, value: Any, key_at: Place, value_at: Place) -> None:
        """Set a key together with its places; a key that comes from another file keeps that file's name."""
        if key_at.file != self.file:
            self._elsewhere = {**self._elsewhere, key: key_at.file}
        marks = array("Q", (_packed(key_at), _packed(value_at)))
        if key in self:
            index = self._index(key)
            self._marks[index : index + 2] = marks
        else:
            self._marks.extend(marks)
        self[key] = value

    def drop(self, key: str) -> Any:
        """Take a key and its places out, and give its value."""
        index = self._index(key)
        del self._marks[index : index + 2]
        return self.pop(key)

    def key_at(self, key: str) -> Place:
        """The place of a key."""
        return _place(self._elsewhere.get(key, self.file), self._marks[self._index(key)])

    def value_at(self, key: str) -> Place:
        """The place of a key's value."""
        return _place(self._elsewhere.get(key, self.file), self._marks[self._index(key) + 1])

    def _index(self, key: str) -> int:
        return 2 * list(self).index(key)


class Items(list[Any]):
    """A YAML sequence, with the places of its items packed as in Mapping."""

    __slots__ = ("_at", "_marks", "file")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.file = place.file
        self._at = _packed(place)
        self._marks = array("Q")

    @property
    def place(self) -> Place:
        """Where it begins."""
        return _place(self.file, self._at)

    def put(self, value: Any, value_at: Place) -> None:
        """Append an item together with its place."""
        self.append(value)
        self._marks.append(_packed(value_at))

    def value_at(self, index: int) -> Place:
        """The place of an item."""
        return _place(self.file, self._marks[index])


class Substituted(str):
    """A text that holds what a load-time substitution brought in: messages do not show it."""

    __slots__ = ()


class Replaced(Substituted):
    """A text that was one whole reference, so it may stand for a number or a boolean too."""

    __slots__ = ()


def place_of(root: Mapping | Items, path: Path, *, key: bool = False) -> Place:
    """The place of the value at `path`, or of its key; of the deepest part that exists where the path ends early."""
    place = root.place
    for depth, (node, step) in enumerate(zip(along(root, path), path, strict=False), 1):
        if not _holds(node, step):
            break
        is_key = key and depth == len(path) and isinstance(node, Mapping)
        place = node.key_at(step) if is_key else node.value_at(step)
    return place


def along(root: Any, path: Path) -> Iterator[Any]:
    """`root` and the values on the way along `path`, as far as it leads."""
    yield root
    for step in path:
        if not _holds(root, step):
            return
        root = root[step]
        yield root


def section(root: Mapping, name: str) -> Mapping:
    """A section of a file; an empty one where it is absent, or wrong in itself."""
    body = root.get(name)
    return body if isinstance(body, Mapping) else Mapping(root.place)


def reachable(root: Any, parts: Path) -> list[str | int]:
    """The parts that lead from `root` to something, in order; others, such as names of union members, are left out."""
    path: list[str | int] = []
    for part in parts:
        if _holds(root, part):
            path.append(part)
            root = root[part]
    return path


def containers(root: Any) -> Iterator[Mapping | Items]:
    """Every mapping and sequence below `root`, itself included, each once even where aliases share it."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping | Items) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting.extend(node.values() if isinstance(node, Mapping) else node)


def _holds(node: Any, step: str | int) -> bool:
    if isinstance(node, Mapping):
        return step in node
    return isinstance(node, Items) and isinstance(step, int) and step < len(node)


def _packed(place: Place) -> int:
    return place.line << 32 | place.column


def _place(file: str, packed: int) -> Place:
    return Place(file, packed >> 32, packed & 0xFFFFFFFF)
