"""Values of properties, told apart once: what is the same for every document, and what is computed from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from process_runner.expressions import Template, Texts


class Values(NamedTuple):
    """Texts by name, and the places of those that are computed among all that are; theirs are empty until then."""

    fixed: dict[str, str]
    computed: tuple[tuple[str, int], ...]

    def over(self, before: Mapping[str, str], computed: list[str]) -> dict[str, str]:
        """Properties, with these put over them."""
        values = {**before, **self.fixed}
        for name, place in self.computed:
            values[name] = computed[place]
        return values

    def columns(self, computed: list[Texts]) -> dict[str, Texts]:
        """Those of a block of documents."""
        values: dict[str, Texts] = {**self.fixed}
        for name, place in self.computed:
            values[name] = computed[place]
        return values


class PropertyValues(NamedTuple):
    """Values by the group of properties that they belong to; `expressions` are to be computed in their order."""

    expressions: tuple[Template, ...]
    groups: tuple[Values, ...]


def told_apart(groups: Iterable[str], written: Iterable[tuple[str, str, Template]]) -> PropertyValues:
    """The values of each group, from groups, names and expressions in the order in which they are written."""
    expressions: list[Template] = []
    fixed: dict[str, dict[str, str]] = {group: {} for group in groups}
    computed: dict[str, list[tuple[str, int]]] = {group: [] for group in fixed}
    for group, name, expression in written:
        text = expression.fixed
        fixed[group][name] = text or ""
        if text is None:
            computed[group].append((name, len(expressions)))
            expressions.append(expression)
    return PropertyValues(tuple(expressions), tuple(Values(fixed[each], tuple(computed[each])) for each in fixed))
