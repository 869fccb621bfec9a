"""Components of a project back to YAML: what loads again to an equal tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector_sdk import Parsed, Secret, Settings
from connector_sdk.settings import fields, given
from process_runner.engine.step import Step
from process_runner.expressions import Template
from process_runner.formats import json_path
from process_runner.formats.xml_path import XmlSteps
from process_runner.json_schemas import JsonSchema
from process_runner.language.project import Connected, Operated, Process, Project
from process_runner.mapping.stylesheet import Stylesheet
from process_runner.redaction import MASK, Redaction


@dataclass(frozen=True)
class Writer:
    """Turns components into plain values; `complete` writes defaults too, `redact` hides what readers must not see."""

    complete: bool = False
    redact: Redaction | None = None

    def project(self, project: Project) -> dict[str, Any]:
        """The sections of a file that holds all components, those without any left out."""
        sections = {
            "connections": {name: self._connection(each) for name, each in project.connections.items()},
            "operations": {name: self._operation(each) for name, each in project.operations.items()},
            "processes": {name: self._process(each) for name, each in project.processes.items()},
        }
        return {name: components for name, components in sections.items() if components}

    def _connection(self, component: Connected) -> dict[str, Any]:
        settings = self._given(component.connection, component.written)
        return {"connector": component.connector.id, **settings, **self._settings(component.keys)}

    def _operation(self, component: Operated) -> dict[str, Any]:
        chosen = {"connector": component.connector.id, "action": component.operation.action}
        settings = self._given(component.operation, component.written)
        return {**chosen, **settings, **self._settings(component.keys)}

    def _given(self, settings: Settings, written: Mapping[str, Any]) -> dict[str, Any]:
        """Settings of a connector, which alone knows what it has made of a text."""
        found = {}
        for name, value in self._written(settings):
            if isinstance(value, Settings) and isinstance(written.get(name), Mapping):
                found[name] = self._given(value, written[name])
            else:
                found[name] = self._said(value, written[name]) if name in written else self._value(value)
        return found

    def _said(self, value: Any, written: Any) -> Any:
        """The value where it has the form in which it was written, otherwise what was written."""
        made = self._value(value)
        is_text_still = isinstance(made, str) and not isinstance(value, Secret)
        is_other = isinstance(made, list | dict) and not isinstance(written, type(made))
        return self._value(written) if is_text_still or is_other else made

    def _process(self, process: Process) -> dict[str, Any]:
        described = {"description": self._value(process.description)} if process.description else {}
        return {**described, "steps": self._value(process.steps)}

    def _step(self, step: Step) -> dict[str, Any]:
        named = {} if step.label == step.kind else {"name": self._value(step.label)}
        settings = self._settings(step.shape)
        if step.shape.whole:
            return {**named, step.kind: self._value(getattr(step.shape, step.shape.whole))}
        is_short = settings.keys() == {step.shape.short} and not self.complete
        return {**named, step.kind: settings[str(step.shape.short)] if is_short else settings}

    def _settings(self, settings: Settings) -> dict[str, Any]:
        return {name: self._value(value) for name, value in self._written(settings)}

    def _written(self, settings: Settings) -> Iterator[tuple[str, Any]]:
        """What a file says, or could say; an absent setting that has no content says nothing."""
        for name, field in fields(settings).items():
            is_given = name in given(settings)
            parsed = field.form if isinstance(field.form, Parsed) else None
            value = field.default if parsed and not is_given else getattr(settings, name)
            if is_given or (self.complete and value not in (None, (), [], {})):
                is_path = is_given and parsed and parsed.load in _PATHS
                yield field.key, _path_text(value) if is_path and value else value

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self._shown(value).replace("${", "$${")
            case None | bool() | int() | float():
                return value
            case Secret():
                return MASK if self.redact else self._value(value.get_secret_value())
            case Step():
                return self._step(value)
            case Settings():
                return self._settings(value)
            case Mapping():
                return {self._shown(key): self._value(each) for key, each in value.items()}
            case tuple() | list():
                return [self._value(each) for each in value]
            case Template() | JsonSchema() | Stylesheet():
                return self._value(value.__getstate__())  # they travel as what was written
            case re.Pattern():
                return self._value(value.pattern)
        return self._value(value.text if isinstance(value, XmlSteps) else str(value))

    def _shown(self, text: str) -> str:
        return self.redact(text) if self.redact else str(text)


_PATHS = (json_path.steps, json_path.keys)


def _path_text(steps: tuple[json_path.Step, ...]) -> str:
    """The text of a path into JSON."""
    texts = ["[*]" if step is json_path.EACH else f".{_key_text(step)}" for step in steps]
    return "".join(texts).removeprefix(".")


def _key_text(key: str) -> str:
    match = json_path.STEP.fullmatch(key)
    return key if match and match["key"] else json.dumps(key)
