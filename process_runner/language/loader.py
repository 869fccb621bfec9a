"""Loading: files to a project, with every problem told at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Any, NamedTuple

from connector_sdk.settings import fields
from process_runner.components.reserved import ConnectionKeys
from process_runner.language import nodes
from process_runner.language.builder import Builder
from process_runner.language.defect import LoadDefect
from process_runner.language.extensions import Extensions
from process_runner.language.judge import Judge
from process_runner.language.migration import migrate
from process_runner.language.nodes import Mapping as Node
from process_runner.language.place import InvalidProject, Place, Problem
from process_runner.language.project import Project
from process_runner.language.reader import read
from process_runner.language.sparing import Wanted, spared
from process_runner.language.substitution import Substitution
from process_runner.plugins import Registry
from process_runner.redaction import Redaction

SECTIONS = ("connections", "operations", "processes")
ENDINGS = (".yaml", ".yml")


class Source(NamedTuple):
    """What to load: files and folders, and what to change for one environment.

    `replaced_connections` maps a connector's id to the settings that take the place of each of its connections. Where
    one part is `wanted`, components of plugins that cannot be used count only if it needs them.
    """

    paths: tuple[Path, ...]
    extensions: Path | None = None
    environment: Mapping[str, str] = os.environ
    replaced_connections: Mapping[str, Mapping[str, Any]] = {}
    wanted: Wanted | None = None

    def __repr__(self) -> str:
        return f"Source({', '.join(map(str, self.paths))})"


def load(source: Source, registry: Registry) -> Project:
    """The project, or InvalidProject with every problem found."""
    files = list(_read_all(source.paths))
    extensions = Extensions.read(source.extensions)
    for kind, settings in source.replaced_connections.items():
        _replace(files, kind, settings)
    problems = [*_duplicates(files), *extensions.apply(files)]
    substitution = Substitution(source.environment)
    for root in (*files, extensions.properties):
        substitution.apply(root)
    problems += migrate(files, registry)
    judge = Judge(registry, {section: _names(files, section) for section in SECTIONS})
    judged = [problem for root in files for problem in judge.problems(root)]
    builder = Builder(registry, judge.broken)
    project = _built(builder, files, substitution.secrets)
    unknown = {problem.place for problem in substitution.problems}
    problems += substitution.problems
    problems += [each for each in (*judged, *builder.problems) if each.place not in unknown]
    secrets = frozenset(substitution.secrets | builder.secrets)
    if source.wanted and judge.unusable:
        problems = spared(problems, judge.unusable, files, source.wanted)
    if problems:
        raise InvalidProject(_redacted(problems, Redaction(secrets)))
    connections = {
        name: each._replace(replaced=each.connector.id in source.replaced_connections)
        for name, each in project.connections.items()
    }
    return project._replace(connections=connections, process_properties=extensions.process_properties, secrets=secrets)


def _built(builder: Builder, files: Iterable[Node], secrets: Set[str]) -> Project:
    try:
        return builder.build(files)
    except Exception as error:  # noqa: BLE001  # whatever a plugin raises may quote what was substituted
        raise LoadDefect(error, Redaction(secrets | builder.secrets)) from None


def _redacted(problems: Iterable[Problem], redact: Redaction) -> Iterable[Problem]:
    return (Problem(each.place, redact(each.message)) for each in problems)


def _read_all(paths: Iterable[Path]) -> Iterable[Node]:
    problems: list[Problem] = []
    roots = []
    for path in _files(paths, problems):
        try:
            roots.append(read_file(path))
        except InvalidProject as error:
            problems += error.problems
    if problems:
        raise InvalidProject(problems)
    return roots


def read_file(path: Path, sections: tuple[str, ...] = SECTIONS) -> Node:
    """The top-level mapping of a file with some of these sections; InvalidProject where it cannot be read."""
    place = Place(str(path))
    try:
        content = path.read_bytes()
        return read(content.decode("utf-8-sig"), str(path), f"{', '.join(sections[:-1])} or {sections[-1]}")
    except OSError as error:
        raise InvalidProject([Problem(place, f"cannot read the file: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace").split("\n")
        place = Place(str(path), len(before), len(before[-1]) + 1)
        raise InvalidProject([Problem(place, "the file is not UTF-8; save it as UTF-8")]) from error


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterable[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if is_project_file(each, path))
            if not inside:
                problems.append(Problem(Place(str(path)), "the folder holds no .yaml or .yml file"))
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        else:
            problems.append(Problem(Place(str(path)), "there is no such file or folder"))
    return found


def is_project_file(path: Path, folder: Path) -> bool:
    """Whether a file belongs to the project in `folder`: YAML, not hidden, neither a test nor extensions."""
    inside = path.relative_to(folder)
    hidden = any(part.startswith(".") for part in inside.parts)
    other = path.name.endswith(tuple(f".{kind}{end}" for kind in ("test", "env") for end in ENDINGS))
    return path.suffix in ENDINGS and path.is_file() and not hidden and not other


def _names(files: Iterable[Node], section: str) -> set[str]:
    return {name for root in files for name in nodes.section(root, section)}


def _duplicates(files: Iterable[Node]) -> Iterable[Problem]:
    first: dict[tuple[str, str], Place] = {}
    for root in files:
        for section in SECTIONS:
            body = nodes.section(root, section)
            for name in body:
                place = body.key_at(name)
                if (there := first.setdefault((section, name), place)) is not place:
                    kind = "process" if section == "processes" else section.removesuffix("s")
                    yield Problem(place, f"{kind} '{name}' is written twice; first in {there}")


def _replace(files: Iterable[Node], kind: str, settings: Mapping[str, Any]) -> None:
    for root in files:
        body = nodes.section(root, "connections")
        for name, component in list(body.items()):
            if isinstance(component, Node) and component.get("connector") == kind:
                place = component.place
                replacement = Node(place)
                for key, value in settings.items():
                    replacement.put(key, value, place, place)
                for key in component.keys() & fields(ConnectionKeys).keys():
                    replacement.put(key, component[key], component.key_at(key), component.value_at(key))
                body[name] = replacement
