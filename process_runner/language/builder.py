"""The builder: judged YAML to frozen components and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector_sdk.settings import SettingsError
from process_runner.engine.step import Step, walk
from process_runner.language import nodes, schemas
from process_runner.language.place import InvalidProject, Problem
from process_runner.language.project import Connected, Operated, Process, Project
from process_runner.plugins import Registry


class Builder:
    """Builds one project; collects the problems that a JSON Schema cannot state."""

    def __init__(self, registry: Registry, process_properties: Mapping[str, str], secrets: Iterable[str]) -> None:
        self._registry = registry
        self._process_properties = process_properties
        self._secrets = set(secrets)
        self._problems: list[Problem] = []
        self._values: dict[int, Any] = {}
        self._labels: Counter[str] = Counter()

    def build(self, files: Iterable[nodes.Mapping]) -> Project:
        """The project, or InvalidProject."""
        connections = {name: self._connection(name, body) for name, body in _each(files, "connections")}
        operations = {name: self._operation(name, body) for name, body in _each(files, "operations")}
        processes = {name: self._process(name, body) for name, body in _each(files, "processes")}
        self._refuse()
        secrets = frozenset(self._secrets)
        project = Project(self._registry, connections, operations, processes, dict(self._process_properties), secrets)
        self._check_steps(project)
        self._refuse()
        return project

    def steps(self, written: nodes.Items) -> tuple[Step, ...]:
        """The steps of a path; what nested paths call while their step is built."""
        return tuple(step for each in written if (step := self._step(each)) is not None)

    def _refuse(self) -> None:
        if self._problems:
            raise InvalidProject(self._problems)

    def _connection(self, name: str, body: nodes.Mapping) -> Connected:
        connector = self._registry.connectors[body["connector"]]
        settings = self._settings(connector.connection, body, ("connector", "description"))
        self._secrets |= set(_written_secrets(connector.connection, body))
        return Connected(name, connector, settings, body.place)

    def _operation(self, name: str, body: nodes.Mapping) -> Operated:
        connector = self._registry.connectors[body["connector"]]
        kind = connector.actions[body["action"]]
        settings = self._settings(kind, body, ("connector", "action", "description"))
        self._secrets |= set(_written_secrets(kind, body))
        return Operated(name, connector, settings, body.place)

    def _process(self, name: str, body: nodes.Mapping) -> Process:
        self._labels = Counter()
        return Process(name, body.get("description", ""), self.steps(body["steps"]), body.place)

    def _step(self, body: nodes.Mapping) -> Step | None:
        kind = next(key for key in body if key != "name")
        label = self._label(str(body.get("name", kind)))
        shape = self._settings(self._registry.shapes[kind], self._written(kind, body), (), body, (kind,))
        if shape is None:
            return None
        step = Step(shape, kind, label, body.place)
        self._values[id(step)] = body
        return step

    def _label(self, name: str) -> str:
        self._labels[name] += 1
        return name if self._labels[name] == 1 else self._label(f"{name} {self._labels[name]}")

    def _written(self, kind: str, body: nodes.Mapping) -> Mapping[str, Any]:
        shape, value = self._registry.shapes[kind], body[kind]
        if value is None:
            return {}
        if shape.whole:
            return {shape.whole: value}
        return {shape.short: value} if shape.short and not isinstance(value, dict) else value

    def _settings(
        self,
        kind: Any,
        written: Mapping[str, Any],
        reserved: tuple[str, ...],
        root: nodes.Mapping | None = None,
        prefix: tuple[str, ...] = (),
    ) -> Any:
        given = {key: value for key, value in written.items() if key not in reserved}
        try:
            return kind.model_validate(given, context=self)
        except SettingsError as error:
            for each in error.errors(include_url=False, include_input=False):
                whole = getattr(kind, "whole", None) or (kind.short if getattr(kind, "short", None) in given else None)
                path = [part for part in each["loc"] if part != whole or part in (root or written)]
                place = nodes.place_of(root or written, [*prefix, *path])  # type: ignore[arg-type]
                self._problems.append(Problem(place, each["msg"].removeprefix("Value error, ")))
            return None

    def _check_steps(self, project: Project) -> None:
        for process in project.processes.values():
            for index, step in enumerate(walk(process.steps)):
                body = self._values[id(step)]
                if step.kind == "start" and index:
                    self._problems.append(Problem(step.place, "'start' is the first step of a process, or absent"))
                for path, text in step.shape.problems(project):
                    place = nodes.place_of(body, [step.kind, *path])
                    self._problems.append(Problem(place, text))


def _each(files: Iterable[nodes.Mapping], section: str) -> Iterator[tuple[str, nodes.Mapping]]:
    for root in files:
        yield from (root.get(section) or {}).items()


def _written_secrets(kind: Any, body: nodes.Mapping) -> Iterator[str]:
    """Every text under a setting that the schema marks `writeOnly`."""
    schema = schemas.component_schema(kind, "operation")
    yield from _secrets_in(schema, schema.get("$defs", {}), body)


def _secrets_in(schema: Any, definitions: Mapping[str, Any], value: Any) -> Iterator[str]:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    for form in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from _secrets_in(form, definitions, value)
    if schema.get("writeOnly") and isinstance(value, str):
        yield str(value)
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _secrets_in(inner, definitions, value[name])
