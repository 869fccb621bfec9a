"""Advice: what the command line offers where a variable of the files is not set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from process_runner.language import nodes
from process_runner.language.loader import SECTIONS, read_file
from process_runner.language.place import InvalidProject, Place, Problem

SANDBOXED = ("s3",)
"""Connectors whose connections `--sandbox` replaces."""


class Advised(InvalidProject):
    """The same problems, with lines about what the command line could do about them."""

    def __init__(self, problems: Iterable[Problem], advice: Iterable[str]) -> None:
        super().__init__(problems)
        self.advice = tuple(advice)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *self.advice])


def advised(error: InvalidProject) -> Advised:
    """The error with advice for each of its problems that comes from a `${...}`."""
    places = {each.place for each in error.problems}
    lines = (line for file in sorted({each.file for each in places}) for line in _about(Path(file), places))
    return Advised(error.problems, dict.fromkeys(lines))


def _about(file: Path, places: Set[Place]) -> Iterator[str]:
    try:
        root = read_file(file, SECTIONS)
    except InvalidProject:
        return  # what cannot be read has other problems
    for section in SECTIONS:
        for name, body in nodes.section(root, section).items():
            if isinstance(body, nodes.Mapping) and (settings := list(_unset(body, places))):
                yield _way_out(section, name, body, settings)


def _unset(component: nodes.Mapping, places: Set[Place]) -> Iterator[str]:
    """The settings of a component in which a reference is a problem."""
    for setting, value in component.items():
        inside = [(component.value_at(setting), value)]
        for node in nodes.containers(value):
            keys = node.keys() if isinstance(node, nodes.Mapping) else range(len(node))
            inside += [(node.value_at(key), node[key]) for key in keys]  # type: ignore[arg-type, index]  # keys of their own kind
        if any(isinstance(text, str) and "${" in text and place in places for place, text in inside):
            yield setting


def _way_out(section: str, name: str, component: nodes.Mapping, settings: list[str]) -> str:
    if section == "processes":
        return f"process '{name}': what differs from run to run can be {{{{ process.NAME }}}} and --set NAME=VALUE"
    named = f"{section.removesuffix('s')} '{name}'"
    overridden = ", ".join(settings)
    if section == "connections" and component.get("connector") in SANDBOXED:
        return f"{named}: with --sandbox it needs no variables; --env FILE can give {overridden}"
    return f"{named}: --env FILE can give {overridden}"
