"""The builder: judged YAML to frozen components and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Set
from pathlib import Path
from typing import Any, TypeVar

from connector_sdk.settings import SettingsError, fields
from process_runner.components.reserved import ConnectionKeys, OperationKeys
from process_runner.engine.clients import blaming
from process_runner.engine.step import Shape, Step, walk
from process_runner.language import nodes
from process_runner.language.inlining import schema_of
from process_runner.language.place import Problem
from process_runner.language.project import Connected, Operated, Process, Project
from process_runner.language.secrecy import secrets
from process_runner.plugins import Registry

Built = TypeVar("Built")


class Builder:
    """Builds one project; collects as `problems` what a JSON Schema cannot state."""

    def __init__(self, registry: Registry, broken: Set[int]) -> None:
        """`broken` are the ids of mappings that were judged and are left out."""
        self._registry = registry
        self._broken = broken
        self._written: dict[int, nodes.Mapping] = {}
        self._labels: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.secrets: set[str] = set()
        self.folder = Path()

    def build(self, files: Iterable[nodes.Mapping]) -> Project:
        """The project of all components that are not broken already."""
        project = Project(
            self._registry,
            connections=self._components(files, "connections", self._connection),
            operations=self._components(files, "operations", self._operation),
            processes=self._components(files, "processes", self._process),
        )
        for process in project.processes.values():
            self._check_steps(process, project)
        return project

    def steps(self, written: nodes.Items) -> tuple[Step, ...]:
        """The steps of a path; what nested paths call while their step is built."""
        sound = (body for body in written if self._is_sound(body))
        return tuple(step for body in sound if (step := self._step(body)) is not None)

    def _is_sound(self, body: Any) -> bool:
        return isinstance(body, nodes.Mapping) and id(body) not in self._broken

    def _components(
        self, files: Iterable[nodes.Mapping], section: str, build: Callable[[str, nodes.Mapping], Built | None]
    ) -> dict[str, Built]:
        found: dict[str, Built] = {}
        for root in files:
            for name, body in nodes.section(root, section).items():
                if self._is_sound(body) and (built := build(name, body)) is not None:
                    found[name] = built
        return found

    def _connection(self, name: str, body: nodes.Mapping) -> Connected | None:
        connector = self._registry.connectors[body["connector"]]
        with blaming(f"connector '{connector.id}'"):
            settings = self._settings(connector.connection, body, body)
        keys = self._keys(ConnectionKeys, body)
        return Connected(name, connector, settings, body.place, keys, written=body) if settings and keys else None

    def _operation(self, name: str, body: nodes.Mapping) -> Operated | None:
        connector = self._registry.connectors[body["connector"]]
        with blaming(f"connector '{connector.id}', operation '{body['action']}',"):
            settings = self._settings(connector.actions[body["action"]], body, body)
        keys = self._keys(OperationKeys, body)
        return Operated(name, connector, settings, body.place, keys, written=body) if settings and keys else None

    def _process(self, name: str, body: nodes.Mapping) -> Process:
        self._labels = Counter()
        self.folder = Path(body.place.file).parent
        return Process(name, body.get("description", ""), self.steps(body["steps"]), body.place)

    def _step(self, body: nodes.Mapping) -> Step | None:
        kind = next(key for key in body if key != "name")
        label = self._label(str(body.get("name", kind)))
        settings, field = _settings_of(self._registry.shapes[kind], body[kind])
        shape = self._validated(self._registry.shapes[kind], settings, body, kind, field)
        if shape is None:
            return None
        step = Step(shape, kind, label, body.place)
        self._written[id(step)] = body
        return step

    def _label(self, name: str) -> str:
        self._labels[name] += 1
        return name if self._labels[name] == 1 else self._label(f"{name} {self._labels[name]}")

    def _keys(self, kind: Any, written: nodes.Mapping) -> Any:
        return self._validated(kind, {key: written[key] for key in fields(kind) if key in written}, written)

    def _settings(self, kind: Any, written: nodes.Mapping, root: nodes.Mapping) -> Any:
        known = schema_of(kind)["properties"]
        given = {key: value for key, value in written.items() if key in known}
        self.secrets |= {each.text for each in secrets(kind, written)}
        return self._validated(kind, given, root)

    def _validated(self, kind: Any, given: Any, root: nodes.Mapping, *prefix: str | None) -> Any:
        """The settings as an object, or None after collecting what is wrong; `prefix` leads to them from `root`."""
        try:
            return kind.load(given, context=self)
        except SettingsError as error:
            for fault in error.faults:
                parts = [part for part in (*prefix, *fault.path) if part is not None]
                path = nodes.reachable(root, [part for part in parts if part not in prefix[1:]])
                self.problems.append(Problem(nodes.place_of(root, path), fault.text))
            return None

    def _check_steps(self, process: Process, project: Project) -> None:
        for index, step in enumerate(walk(process.steps)):
            if step.kind == "start" and index:
                self.problems.append(Problem(step.place, "'start' is the first step of a process, or absent"))
            for fault in step.shape.faults(project):
                place = nodes.place_of(self._written[id(step)], [step.kind, *fault.path], key=fault.at_key)
                self.problems.append(Problem(place, fault.message))


def _settings_of(shape: type[Shape], value: Any) -> tuple[Any, str | None]:
    """A step's value as settings of its shape, and the one setting that the value stands for as a whole, if any."""
    field = shape.whole or (shape.short if not isinstance(value, dict) else None)
    if value is None:
        return {}, None
    return ({field: value} if field else value), field
