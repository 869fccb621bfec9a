"""The judge: holds a file against the language's JSON Schema and tells each mistake once, where it stands.

What a mapping is (which shape, which connector, which action) is read first, and only that one's schema applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from process_runner.connectors import operation, told
from process_runner.language import nodes, schemas
from process_runner.language.inlining import inlined
from process_runner.language.keywords import KEYWORDS, UNKNOWN, is_one_of, no_choice, unknown
from process_runner.language.messages import type_name, unknown_name
from process_runner.language.place import Problem, suggestion
from process_runner.language.standard import Schema
from process_runner.language.validator import Keyword, Validator
from process_runner.language.violation import Violation, Violations

if TYPE_CHECKING:
    from process_runner.plugins import Registry

UNUSABLE = "unusable"
"""The kind of a problem that a plugin is to blame for."""


class Judge:
    """Judges files of a project in which components of these names exist: `{"connections": names, ...}`."""

    def __init__(self, registry: Registry, names: Mapping[str, set[str]]) -> None:
        self._registry = registry
        self._names = names
        self._schemas: dict[Any, Schema] = {}
        self._bodies: set[int] = set()
        self._unusables: set[str] = set()
        self.unusable: dict[Problem, str] = {}
        """Problems that plugins are to blame for, with the names of the components."""
        self.broken: set[int] = set()
        """Ids of the mappings of components and steps that cannot be built."""
        keywords: dict[str, Keyword] = {
            **KEYWORDS,
            "x-steps": self._steps,
            "x-component": self._component,
            "x-name-of": self._name_of,
        }
        self._validator = Validator(keywords)

    def problems(self, root: nodes.Mapping) -> Iterator[Problem]:
        """Every mistake in one file."""
        for section in root.values():
            if isinstance(section, nodes.Mapping):
                self._bodies |= {id(body) for body in section.values() if isinstance(body, nodes.Mapping)}
        for each in self._validator.violations(root, schemas.file_schema()):
            around = [id(node) for node in nodes.along(root, each.path) if id(node) in self._bodies]
            self.broken |= set(around[-1:])
            problem = Problem(nodes.place_of(root, each.path, key=each.kind == UNKNOWN), each.message)
            if each.kind == UNUSABLE:
                self.unusable[problem] = str(each.path[1])
            yield problem

    def _steps(self, validator: Validator, _: bool, steps: Any, __: Any) -> Violations:
        if not isinstance(steps, list):
            return
        for index, step in enumerate(steps):
            yield from (each.below(index) for each in self._step(validator, step))

    def _step(self, validator: Validator, step: Any) -> Violations:
        known = self._registry.shapes
        if not isinstance(step, dict):
            hint = f"write '{step}:'" if isinstance(step, str) and step in known else "such as 'message: TEXT'"
            yield Violation(f"a step is a mapping with one shape, {hint}; got {type_name(step)}")
            return
        self._bodies.add(id(step))
        named = [key for key in step if key != "name"]
        for key in named:
            if key not in known:
                yield unknown("shape", key, known)
        shapes = [key for key in named if key in known]
        if not named:
            yield Violation("the step has no shape" + suggestion("", known))
        for extra in shapes[1:]:
            text = f"a step has one shape, this one has '{shapes[0]}' already; start a new step with '- '"
            yield Violation(text, (extra,), UNKNOWN)
        if "name" in step:
            yield from validator.within("name", step["name"], schemas.NAME)
        for shape in shapes[:1]:
            yield from validator.within(shape, step[shape], self._schema(known[shape]))

    def _component(self, validator: Validator, kind: str, component: Any, _: Any) -> Violations:
        if not isinstance(component, dict):
            yield Violation(f"expected a mapping with 'connector:', got {type_name(component)}")
            return
        connectors = self._registry.connectors
        name = str(component.get("connector"))
        if name not in connectors:
            yield self._no_connector(name, component)
            return
        settings: Any = connectors[name].connection
        if kind == "operation":
            actions = connectors[name].actions
            if not is_one_of(component.get("action"), actions):
                yield no_choice("action", component, actions)
                return
            try:
                settings = operation(connectors[name], component["action"])
            except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's module may raise anything
                yield self._unusable(name, f"cannot be loaded: {told(error)}", component["action"])
                return
        try:
            yield from validator.violations(component, self._schema(settings, kind))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's class makes it, and may raise anything
            yield self._unusable(name, f"has no valid schema: {type(error).__name__}: {_in_short(error)}")

    def _no_connector(self, name: str, component: Any) -> Violation:
        if name in self._registry.broken:
            return self._unusable(name, f"cannot be loaded: {self._registry.broken[name]}")
        return no_choice("connector", component, self._registry.connectors)

    def _unusable(self, name: str, reason: str, action: str | None = None) -> Violation:
        """The reason where the connector, or its action, is named first, and a reminder everywhere else."""
        named = f"action '{action}' of connector '{name}'" if action else f"connector '{name}'"
        text = f"{named} {reason}" if named not in self._unusables else f"{named} cannot be used"
        self._unusables.add(named)
        return Violation(text, ("action" if action else "connector",), UNUSABLE)

    def _name_of(self, _: Any, section: str, name: Any, __: Any) -> Violations:
        known = self._names[section]
        if isinstance(name, str) and name not in known:
            kind = section.removesuffix("es") if section == "processes" else section.removesuffix("s")
            there = "" if known else f"; there are no {section}"
            yield Violation(unknown_name(kind, name, known) + there)

    def _schema(self, settings: Any, kind: str | None = None) -> Schema:
        if settings not in self._schemas:
            made = schemas.component_schema(settings, kind) if kind else schemas.shape_schema(settings)
            self._schemas[settings] = inlined(made)
        return self._schemas[settings]


def _in_short(error: BaseException) -> str:
    return " ".join(str(error).split())
