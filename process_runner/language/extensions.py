"""Extensions: settings of connections, operations and process properties for one environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from process_runner.expressions import names_read
from process_runner.language.nodes import Items, Mapping, containers
from process_runner.language.place import Problem, suggestion

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

        return cls(read_file(path) if path else None)

    @property
    def process_properties(self) -> dict[str, str]:
        """Dynamic process properties by name."""
        body = self._root.get(PROPERTIES) if self._root else None
        return {name: str(value) for name, value in body.items()} if isinstance(body, Mapping) else {}

    def apply(self, files: Iterable[Mapping]) -> Iterator[Problem]:
        """Put the settings into the files' components; what overrides nothing is a problem."""
        files = list(files)
        for section, place in self._root.keys_at.items() if self._root else ():
            body = self._root[section] if self._root else None
            if section not in (*SECTIONS, PROPERTIES):
                yield Problem(place, f"unknown section '{section}'" + suggestion(section, (*SECTIONS, PROPERTIES)))
            elif not isinstance(body, Mapping):
                yield Problem(place, f"'{section}' must be a mapping")
            elif section == PROPERTIES:
                yield from _unused_properties(body, files)
            else:
                yield from _override(section, body, files)


def _override(section: str, body: Mapping, files: list[Mapping]) -> Iterator[Problem]:
    known = {name: root[section] for root in files for name in root.get(section) or ()}
    for name, settings in body.items():
        if name not in known:
            kind = section.removesuffix("s")
            yield Problem(body.keys_at[name], f"this overrides no {kind}: '{name}'" + suggestion(name, known))
        elif not isinstance(settings, Mapping) or not isinstance(known[name][name], Mapping):
            yield Problem(body.values_at[name], "expected a mapping of settings")
        else:
            for key, value in settings.items():
                known[name][name].put(key, value, settings.keys_at[key], settings.values_at[key])


def _unused_properties(body: Mapping, files: list[Mapping]) -> Iterator[Problem]:
    used = {name for root in files for name in _process_properties(root)}
    for name, place in body.keys_at.items():
        if name not in used:
            yield Problem(place, f"no process uses a process property '{name}'" + suggestion(name, used))


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
