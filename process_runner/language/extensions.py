"""Extensions: settings of connections, operations and process properties for one environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from process_runner.expressions import names_read, text_of
from process_runner.language import nodes
from process_runner.language.messages import wrong_form
from process_runner.language.nodes import Items, Mapping, containers
from process_runner.language.place import Place, Problem, suggestion

SECTIONS = ("connections", "operations")
PROPERTIES = "process_properties"


class Extensions:
    """The content of an extensions file, or nothing."""

    def __init__(self, root: Mapping | None) -> None:
        self._root = root

    @classmethod
    def read(cls, path: Path | None) -> Extensions:
        """The extensions in a file; InvalidProject where it cannot be read."""
        from process_runner.language.loader import read_file

        return cls(read_file(path, (*SECTIONS, PROPERTIES)) if path else None)

    @property
    def properties(self) -> Mapping:
        """Dynamic process properties as they are written."""
        return nodes.section(self._root or Mapping(Place("")), PROPERTIES)

    @property
    def process_properties(self) -> dict[str, str]:
        """Dynamic process properties by name, as texts."""
        return {name: text_of(value) for name, value in self.properties.items()}

    def apply(self, files: Iterable[Mapping]) -> Iterator[Problem]:
        """Put the settings into the files' components; what overrides nothing is a problem."""
        files = list(files)
        root = self._root if self._root is not None else Mapping(Place(""))
        for section, body in root.items():
            place = root.key_at(section)
            if section not in (*SECTIONS, PROPERTIES):
                yield Problem(place, f"unknown section '{section}'" + suggestion(section, (*SECTIONS, PROPERTIES)))
            elif not isinstance(body, Mapping):
                yield Problem(place, f"'{section}' must be a mapping")
            elif section == PROPERTIES:
                yield from _wrong_properties(body, files)
            else:
                yield from _override(section, body, files)


def _override(section: str, body: Mapping, files: list[Mapping]) -> Iterator[Problem]:
    known = {name: body for root in files for body in [nodes.section(root, section)] for name in body}
    for name, settings in body.items():
        if name not in known:
            kind = section.removesuffix("s")
            yield Problem(body.key_at(name), f"this overrides no {kind}: '{name}'" + suggestion(name, known))
        elif not isinstance(settings, Mapping) or not isinstance(known[name][name], Mapping):
            yield Problem(body.value_at(name), "expected a mapping of settings")
        else:
            for key, value in settings.items():
                known[name][name].put(key, value, settings.key_at(key), settings.value_at(key))


def _wrong_properties(body: Mapping, files: list[Mapping]) -> Iterator[Problem]:
    used = {name for root in files for name in _process_properties(root)}
    for name, value in body.items():
        if not isinstance(value, str | bool | int | float):
            yield Problem(body.value_at(name), wrong_form([{"type": ["string", "number", "boolean"]}], value))
        if name not in used:
            yield Problem(body.key_at(name), f"no process uses a process property '{name}'" + suggestion(name, used))


def _process_properties(root: Mapping) -> Iterator[str]:
    for node in containers(root):
        if isinstance(node, Mapping):
            yield from (key.removeprefix("process.") for key in node if key.startswith("process."))
        texts: Iterable[Any] = node if isinstance(node, Items) else node.values()
        for text in texts:
            if isinstance(text, str) and "process" in text:
                yield from _read_by(text)


def _read_by(text: str) -> set[str]:
    from process_runner.expressions import check

    return set() if check(text) else names_read(text, "process")
