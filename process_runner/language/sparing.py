"""Sparing what runs from plugins that cannot be used: their components count where something needs them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from process_runner.language import nodes
from process_runner.language.nodes import containers
from process_runner.language.place import Problem

log = logging.getLogger(__name__)


class Wanted(NamedTuple):
    """The part of a project that is going to be used; without a name, the only one of its section."""

    section: str
    name: str | None = None


def spared(
    problems: list[Problem], unusable: Mapping[Problem, str], files: list[nodes.Mapping], wanted: Wanted
) -> list[Problem]:
    """The problems without those of components that `wanted` does not need; these go to the log."""
    needed = _needed(files, wanted)
    if needed is None or needed & set(unusable.values()):
        return problems
    for problem in (each for each in problems if each in unusable):
        log.warning("%s", problem)
    return [each for each in problems if each not in unusable]


def _needed(files: list[nodes.Mapping], wanted: Wanted) -> set[str] | None:
    """Every name that occurs in what is wanted, and in the processes it may call; None where that is unknown."""
    bodies = {name: body for root in files for name, body in nodes.section(root, wanted.section).items()}
    name = wanted.name or (next(iter(bodies)) if len(bodies) == 1 else None)
    if name is None:
        return None
    found, waiting = {name}, [name] if wanted.section == "processes" else []
    while waiting:
        for text in _texts(bodies.get(waiting.pop())):
            names = {text, *re.findall(r"""['"]([^'"]+)['"]""", text)}
            waiting += (names & bodies.keys()) - found
            found |= names
    return found


def _texts(body: Any) -> Iterator[str]:
    for node in containers(body):
        values: Iterable[Any] = node.values() if isinstance(node, nodes.Mapping) else node
        yield from (value for value in values if isinstance(value, str))
