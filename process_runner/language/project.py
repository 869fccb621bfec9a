"""Project: the validated, frozen components of a folder or file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector_sdk import Connection, Connector, Operation
from process_runner.components.reserved import ConnectionKeys, OperationKeys
from process_runner.language.place import Place

if TYPE_CHECKING:
    from process_runner.engine.step import Step
    from process_runner.plugins import Registry


@dataclass(frozen=True)
class Connected:
    """A connection of the project; `replaced` where another one stands in for it, such as the sandbox.

    `written` is what its file says, references replaced.
    """

    name: str
    connector: Connector
    connection: Connection[Any]
    place: Place
    keys: ConnectionKeys = field(default_factory=ConnectionKeys)
    replaced: bool = False
    written: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Operated:
    """An operation of the project; `written` is what its file says, references replaced."""

    name: str
    connector: Connector
    operation: Operation[Any]
    place: Place
    keys: OperationKeys = field(default_factory=OperationKeys)
    written: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Process:
    """A process of the project."""

    name: str
    description: str
    steps: tuple[Step, ...]
    place: Place


@dataclass(frozen=True)
class Project:
    """Everything the files say. `secrets` are the values that no output may show."""

    registry: Registry
    connections: Mapping[str, Connected] = field(default_factory=dict)
    operations: Mapping[str, Operated] = field(default_factory=dict)
    processes: Mapping[str, Process] = field(default_factory=dict)
    process_properties: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
