"""Plugins: which connectors are installed, found through the entry points of the connector SDK."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from connector_sdk import Connector
from connector_sdk.hooks import ENTRY_POINTS, plugin_manager
from connector_sdk.version import VERSION, serves
from process_runner import shapes
from process_runner.components import reserved
from process_runner.engine.step import Shape


@dataclass(frozen=True)
class Registry:
    """What processes can be made of. A plain value: it travels where a plugin manager cannot."""

    connectors: Mapping[str, Connector]
    shapes: Mapping[str, type[Shape]]
    broken: Mapping[str, str] = field(default_factory=dict)
    """Plugins that could not be loaded, with the reason."""


def load() -> Registry:
    """The registry of everything installed."""
    return registry(entry_points(group=ENTRY_POINTS))


def examined() -> Registry:
    """The registry of everything installed whose settings have a valid schema; slower, for commands that show them."""
    loaded = load()
    faults = {name: told for name, each in loaded.connectors.items() if (told := _schema_fault(each))}
    sound = {name: each for name, each in loaded.connectors.items() if name not in faults}
    return Registry(sound, loaded.shapes, {**loaded.broken, **faults})


def registry(found: Iterable[EntryPoint]) -> Registry:
    """The registry of these plugins; one that is broken is named in it and harms nobody else."""
    manager = plugin_manager()
    broken: dict[str, str] = {}
    for point in sorted(found, key=lambda each: each.name):
        try:
            manager.register(point.load(), point.name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's module may raise anything
            broken[point.name] = _told(error)
    connectors: dict[str, Connector] = {}
    for name, plugin in manager.list_name_plugin():
        hook: Any = plugin
        try:
            _add(connectors, hook.connectors())
        except (Exception, SystemExit) as error:  # noqa: BLE001  # as above
            broken[name] = _told(error)
    return Registry(connectors, installed_shapes(), broken)


def installed_shapes() -> dict[str, type[Shape]]:
    """Every shape by the name of its module in `process_runner.shapes`."""
    found: dict[str, type[Shape]] = {}
    for module in pkgutil.iter_modules(shapes.__path__):
        content = importlib.import_module(f"{shapes.__name__}.{module.name}")
        for member in vars(content).values():
            if isinstance(member, type) and issubclass(member, Shape) and member.__module__ == content.__name__:
                found[module.name] = member
    return found


def _schema_fault(connector: Connector) -> str | None:
    from jsonschema import Draft202012Validator

    for settings in (connector.connection, *connector.operations):
        try:
            Draft202012Validator.check_schema(settings.json_schema())
        except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's class makes it, and may raise anything
            reason = _told(error).partition(" Failed validating")[0]
            return f"the settings {settings.__name__} have no valid schema: {reason}"
    return None


def _told(error: BaseException) -> str:
    told = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, ImportError) and str(error.name).startswith("connector_sdk"):
        told += f"; this is connector SDK {VERSION}"
    return told


def _add(connectors: dict[str, Connector], brought: Iterable[Connector] | Connector | None) -> None:
    if brought is None:
        raise TypeError("connectors() gave nothing; return a list of connectors")
    for connector in (brought,) if isinstance(brought, Connector) else brought:
        if not isinstance(connector, Connector):
            raise TypeError(f"expected connectors, got {connector!r}")
        if not serves(connector.sdk):
            raise ValueError(
                f"it was built for connector SDK {connector.sdk}, and this is {VERSION}; "
                f"install a version of the plugin for {VERSION}, or another process-runner"
            )
        if connector.id in connectors:
            raise ValueError(f"connector id '{connector.id}' is taken by another plugin")
        if taken := reserved.clash(connector):
            raise ValueError(f"the name of the setting {taken} is reserved by the language; choose another one")
        connectors[connector.id] = connector
