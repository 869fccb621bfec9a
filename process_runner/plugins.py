"""Plugins: which connectors are installed, found through the entry points of the connector SDK."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from connector_sdk import Connector, Settings
from connector_sdk.hooks import ENTRY_POINTS
from process_runner import inside, shapes
from process_runner.connectors import Connectors, operation, told
from process_runner.discovery import EntryPoint, entry_points
from process_runner.engine.step import Shape


class Registry(NamedTuple):
    """What processes can be made of. A plain value: it travels where a plugin manager cannot."""

    connectors: Mapping[str, Connector]
    shapes: Mapping[str, type[Shape]]
    broken: Mapping[str, str] = {}
    """Plugins that could not be loaded, with the reason; those that nobody has asked for are not among them."""
    broken_actions: Mapping[str, Mapping[str, str]] = {}
    """By the id of a connector, its actions that could not be loaded, with the reason, where all were looked at."""

    @property
    def names(self) -> frozenset[str]:
        """The ids of connectors, without loading them; of a plugin that waits, the name of its entry point."""
        return self.connectors.names if isinstance(self.connectors, Connectors) else frozenset(self.connectors)

    def told(self, connector: str) -> Iterator[str]:
        """A line for each action of a connector that could not be loaded."""
        for action, reason in self.broken_actions.get(connector, {}).items():
            yield f"action '{action}' of connector '{connector}' cannot be loaded: {reason}"


class Shapes(Mapping[str, type[Shape]]):
    """Every shape by the name of its module in `process_runner.shapes`; each is imported when it is first asked for."""

    def __init__(self) -> None:
        self._names = inside.modules(shapes.__path__)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> type[Shape]:
        if name not in self._names:
            raise KeyError(name)
        return _shape(f"{shapes.__name__}.{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@functools.cache
def _shape(module: str) -> type[Shape]:
    own = (each for each in vars(importlib.import_module(module)).values() if getattr(each, "__module__", "") == module)
    return next(each for each in own if isinstance(each, type) and issubclass(each, Shape))


def load() -> Registry:
    """The registry of everything installed."""
    return registry(entry_points(ENTRY_POINTS))


def examined() -> Registry:
    """The registry of everything installed that can be used: all of it is imported, for commands that show it."""
    loaded = load()
    faults = {name: fault for name, each in loaded.connectors.items() if (fault := _schema_fault(each))}
    actions = {name: _action_faults(each) for name, each in loaded.connectors.items() if name not in faults}
    sound = {name: _without(loaded.connectors[name], found) for name, found in actions.items()}
    broken_actions = {name: found for name, found in actions.items() if found}
    return Registry(sound, loaded.shapes, {**loaded.broken, **faults}, broken_actions)


def registry(found: Iterable[EntryPoint]) -> Registry:
    """The registry of these plugins; one that is broken is named in it and harms nobody else."""
    connectors = Connectors(found)
    return Registry(connectors, Shapes(), connectors.broken)


def _schema_fault(connector: Connector) -> str | None:
    """What is wrong with its connection, or with an operation that came with it; others stand for themselves."""
    classes = connector.operations if isinstance(connector.operations, tuple) else ()
    faults = (_settings_fault(each) for each in (connector.connection, *classes))
    return next((each for each in faults if each), None)


def _settings_fault(settings: type[Settings]) -> str | None:
    from jsonschema import Draft202012Validator

    try:
        Draft202012Validator.check_schema(settings.json_schema())
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's class makes it, and may raise anything
        reason = told(error).partition(" Failed validating")[0]
        return f"the settings {settings.__name__} have no valid schema: {reason}"
    return None


def _action_faults(connector: Connector) -> dict[str, str]:
    """What is wrong with each of its operations that have modules of their own, and harms no other."""
    if isinstance(connector.operations, tuple):
        return {}
    return {action: fault for action in connector.actions if (fault := _action_fault(connector, action))}


def _action_fault(connector: Connector, action: str) -> str | None:
    try:
        return _settings_fault(operation(connector, action))
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's module may raise anything
        return told(error)


def _without(connector: Connector, broken: Mapping[str, str]) -> Connector:
    if not broken:
        return connector
    sound = tuple(connector.actions[action] for action in connector.actions if action not in broken)
    return replace(connector, operations=sound)
