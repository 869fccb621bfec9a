"""Table: what many documents map names to, as columns: a mapping is made of a row when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import compress, repeat
from typing import Any

from connector_sdk.document import NOTHING

Column = list[str] | str
"""A text for each document, or one that they all have."""


class Table:
    """Mappings of many documents, and columns put over them; never changed.

    `base` is one mapping that all of them have, or a list with one for each.
    """

    __slots__ = ("base", "columns")

    def __init__(
        self, base: Mapping[str, str] | list[Mapping[str, str]] = NOTHING, columns: Mapping[str, Column] = NOTHING
    ) -> None:
        self.base = base
        self.columns = columns

    def rows(self, count: int) -> Iterator[Mapping[str, str]]:
        """The mapping of each of `count` documents; without columns those that were given."""
        base, columns = self.base, self.columns
        if not columns:
            return iter(base) if isinstance(base, list) else repeat(base, count)
        names = tuple(name for name, column in columns.items() if isinstance(column, list))
        values = zip(*(columns[name] for name in names), strict=True) if names else repeat((), count)
        if isinstance(base, list):
            return map(_row, [{**each, **columns} for each in base], repeat(names), values)
        return map(_copied_row, repeat({**base, **columns}), repeat(names), values)

    def over(self, columns: Mapping[str, Column]) -> Table:
        """The same with these columns put over it."""
        return Table(self.base, {**self.columns, **columns}) if columns else self

    def get(self, name: str) -> list[str | None] | str | None:
        """What the documents have under a name, None where it is nothing; no list where it is the same for all."""
        column: Any = self.columns.get(name)
        if column is not None:
            return column  # type: ignore[no-any-return]  # a list of texts is also one of texts or nothing
        if isinstance(self.base, list):
            return [each.get(name) for each in self.base]
        return self.base.get(name)

    def part(self, start: int, stop: int) -> Table:
        """That of the documents from place `start` up to `stop`."""
        return self._each(lambda column: column[start:stop])

    def chosen(self, wanted: list[bool]) -> Table:
        """That of the documents that are wanted."""
        return self._each(lambda column: list(compress(column, wanted)))

    def weight(self) -> int:
        """Roughly how many bytes it takes; what all documents share counts once."""
        base = self.base if isinstance(self.base, list) else (self.base,)
        found = sum([sum(map(len, each.values())) for each in base])
        return found + sum([sum(map(len, each)) for each in self.columns.values()])

    def packed(self) -> tuple[Any, ...]:
        """Plain values that stand for it."""
        base = self.base
        return [_plain(each) for each in base] if isinstance(base, list) else _plain(base), dict(self.columns)

    @classmethod
    def unpacked(cls, packed: tuple[Any, ...]) -> Table:
        """The table that was packed."""
        base, columns = packed
        return cls([each or NOTHING for each in base] if isinstance(base, list) else base or NOTHING, columns)

    def _each(self, take: Any) -> Table:
        base = take(self.base) if isinstance(self.base, list) else self.base
        columns = self.columns.items()
        return Table(base, {name: take(each) if isinstance(each, list) else each for name, each in columns})


def _row(mapping: dict[str, Any], names: tuple[str, ...], values: tuple[str, ...]) -> Mapping[str, str]:
    mapping.update(zip(names, values, strict=True))
    return mapping


def _copied_row(shared: dict[str, Any], names: tuple[str, ...], values: tuple[str, ...]) -> Mapping[str, str]:
    mapping = shared.copy()
    mapping.update(zip(names, values, strict=True))
    return mapping


def _plain(mapping: Mapping[str, str]) -> dict[str, str] | None:
    return mapping if type(mapping) is dict else dict(mapping) if mapping else None
