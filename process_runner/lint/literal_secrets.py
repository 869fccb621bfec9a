"""Secrets that stand in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connector_sdk import Settings
from process_runner.language import nodes
from process_runner.language.inlining import schema_of
from process_runner.language.loader import read_file
from process_runner.language.place import Problem
from process_runner.language.project import Project


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
    schema = schema_of(settings)
    body = nodes.section(root, str(path[0])).get(str(path[1]))
    for inside in _secret(schema, schema, body):
        text = f"a secret stands in the file; write ${{NAME}} or ${{file:PATH}} for '{inside[-1]}'"
        yield Problem(nodes.place_of(root, [*path, *inside]), text)


def _secret(schema: Any, part: Any, value: Any) -> Iterator[list[str | int]]:
    """The paths to texts without a reference where the schema says that they are secret."""
    if name := str(part.get("$ref", "")).removeprefix("#/$defs/"):
        part = {**schema["$defs"][name], **part}
    forms = [part, *part.get("anyOf", ()), *part.get("oneOf", ())]
    if isinstance(value, str):
        if value and "${" not in value and any(form.get("writeOnly") for form in forms):
            yield []
        return
    if isinstance(value, Mapping):
        for form in forms[1:]:
            yield from _secret(schema, form, value)
        for name, inner in part.get("properties", {}).items():
            if name in value:
                yield from ([name, *path] for path in _secret(schema, inner, value[name]))
