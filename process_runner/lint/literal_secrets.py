"""Secrets that stand in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connector_sdk import Settings
from process_runner.language import nodes
from process_runner.language.loader import read_file
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.language.secrecy import secrets


def check(project: Project) -> Iterator[Problem]:
    """Settings that are secret and are written as they are, instead of as a reference."""
    roots: dict[str, nodes.Mapping] = {}
    for connected in project.connections.values():
        root = _root(connected.place.file, roots)
        yield from _component(root, ["connections", connected.name], type(connected.connection))
    for operated in project.operations.values():
        root = _root(operated.place.file, roots)
        yield from _component(root, ["operations", operated.name], type(operated.operation))


def _root(file: str, roots: dict[str, nodes.Mapping]) -> nodes.Mapping:
    if file not in roots:
        roots[file] = read_file(Path(file))
    return roots[file]


def _component(root: nodes.Mapping, path: list[str | int], settings: type[Settings]) -> Iterator[Problem]:
    body = nodes.section(root, str(path[0])).get(str(path[1]))
    for inside, text in secrets(settings, body):
        if text and "${" not in text:
            name = next(str(part) for part in reversed(inside) if isinstance(part, str))
            told = f"a secret stands in the file; write ${{NAME}} or ${{file:PATH}} for '{name}'"
            yield Problem(nodes.place_of(root, [*path, *inside]), told)
