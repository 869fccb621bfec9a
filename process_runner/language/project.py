"""Project: the validated, frozen components of a folder or file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from connector_sdk import Connection, Connector, Operation
from process_runner.components.reserved import ConnectionKeys, OperationKeys
from process_runner.language.place import Place

if TYPE_CHECKING:
    from process_runner.engine.step import Step
    from process_runner.plugins import Registry


class Connected(NamedTuple):
    """A connection of the project; `replaced` where another one stands in for it, such as the sandbox.

    `written` is what its file says, references replaced.
    """

    name: str
    connector: Connector
    connection: Connection[Any]
    place: Place
    keys: ConnectionKeys
    replaced: bool = False
    written: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        return f"Connected({self.name!r})"


class Operated(NamedTuple):
    """An operation of the project; `written` is what its file says, references replaced."""

    name: str
    connector: Connector
    operation: Operation[Any]
    place: Place
    keys: OperationKeys
    written: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        return f"Operated({self.name!r})"


class Process(NamedTuple):
    """A process of the project."""

    name: str
    description: str
    steps: tuple[Step, ...]
    place: Place


class Project(NamedTuple):
    """Everything the files say. `secrets` are the values that no output may show."""

    registry: Registry
    connections: Mapping[str, Connected] = {}
    operations: Mapping[str, Operated] = {}
    processes: Mapping[str, Process] = {}
    process_properties: Mapping[str, str] = {}
    secrets: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Project of {len(self.processes)} processes"
