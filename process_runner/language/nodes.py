"""Values of a YAML file that know where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from process_runner.language.place import Place

Path = Sequence[str | int]


class Mapping(dict[str, Any]):
    """A YAML mapping; `keys_at` and `values_at` give the place of each key and value."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}

    def put(self, key: str, value: Any, key_at: Place, value_at: Place) -> None:
        """Set a key together with its places."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at


class Items(list[Any]):
    """A YAML sequence; `values_at` gives the place of each item."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.values_at: list[Place] = []

    def put(self, value: Any, value_at: Place) -> None:
        """Append an item together with its place."""
        self.append(value)
        self.values_at.append(value_at)


class Substituted(str):
    """A text that came out of a load-time substitution, so it may stand for a number or a boolean too."""

    __slots__ = ()


def place_of(root: Mapping | Items, path: Path, *, key: bool = False) -> Place:
    """The place of the value at `path`, or of its key; of the deepest part that exists where the path ends early."""
    node: Any = root
    place = root.place
    for depth, step in enumerate(path, 1):
        if not _holds(node, step):
            break
        is_key = key and depth == len(path) and isinstance(node, Mapping)
        place = (node.keys_at if is_key else node.values_at)[step]
        node = node[step]
    return place


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
