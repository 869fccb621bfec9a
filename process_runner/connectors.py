"""The installed connectors: each plugin is loaded when its connector is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector_sdk import Connector, Operation
from connector_sdk.hooks import plugin_manager
from connector_sdk.version import VERSION, serves
from process_runner.components import reserved
from process_runner.discovery import EntryPoint


class Connectors(Mapping[str, Connector]):
    """Connectors by id. Loading them all takes as long as everything else that a command does before it works.

    A plugin is expected under the id of its connector; only where an id is not found so, or all are wanted, the others
    are loaded too. Of two that bring one id, the one that has its name wins.
    """

    def __init__(self, points: Iterable[EntryPoint]) -> None:
        self._waiting: dict[str, list[EntryPoint]] = {}
        for point in sorted(points, key=lambda each: each.name):
            self._waiting.setdefault(point.name, []).append(point)
        self._loaded: dict[str, Connector] = {}
        self._lock = threading.RLock()
        self.broken: dict[str, str] = {}
        """Plugins that could not be loaded, with the reason."""

    @property
    def names(self) -> frozenset[str]:
        """The ids of what is loaded, and the names of what is not."""
        return frozenset({*self._loaded, *self._waiting})

    def __getitem__(self, name: str) -> Connector:
        with self._lock:
            if name not in self._loaded:
                self._load(name)
            if name not in self._loaded:
                self._load_all()
            return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            self._load_all()
            return iter(sorted(self._loaded))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_lock": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.RLock())

    def _load_all(self) -> None:
        while self._waiting:
            self._load(next(iter(self._waiting)))

    def _load(self, name: str) -> None:
        for point in self._waiting.pop(name, ()):
            try:
                for connector in _brought(point):
                    if connector.id != name:
                        self._load(connector.id)
                    self._add(connector)
            except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's module may raise anything
                self.broken[name] = told(error)

    def _add(self, connector: Connector) -> None:
        if not serves(connector.sdk):
            raise ValueError(
                f"it was built for connector SDK {connector.sdk}, and this is {VERSION}; "
                f"install a version of the plugin for {VERSION}, or another process-runner"
            )
        if connector.id in self._loaded:
            raise ValueError(f"connector id '{connector.id}' is taken by another plugin")
        _refuse(reserved.clash(connector))
        self._loaded[connector.id] = connector


def operation(connector: Connector, action: str) -> type[Operation[Any]]:
    """The operation of an action that the connector has; raises whatever its module raises, and where it is no use."""
    found = connector.actions[action]
    _refuse(reserved.taken(found, reserved.OPERATION))
    return found


def told(error: BaseException) -> str:
    """An exception of a plugin's on one line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, ImportError) and str(error.name).startswith("connector_sdk"):
        text += f"; this is connector SDK {VERSION}"
    return text


def _refuse(taken: str | None) -> None:
    if taken:
        raise ValueError(f"the name of the setting {taken} is reserved by the language; choose another one")


def _brought(point: EntryPoint) -> list[Connector]:
    plugin: Any = point.load()
    plugin_manager().register(plugin, point.name)  # refuses a hook that is none
    brought = plugin.connectors()
    if brought is None:
        raise TypeError("connectors() gave nothing; return a list of connectors")
    found = [brought] if isinstance(brought, Connector) else list(brought)
    for each in found:
        if not isinstance(each, Connector):
            raise TypeError(f"expected connectors, got {each!r}")
    return found
