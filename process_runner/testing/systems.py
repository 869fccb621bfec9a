"""Systems: what the connections of a test lead to. No test reaches a real one unless it names the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from connector_sdk import Connection, ProcessError, Runtime
from process_runner.language.project import Connected
from process_runner.testing.cases import Case
from process_runner.testing.contents import as_document
from process_runner.testing.folders import Folders
from process_runner.testing.objects import Objects

S3 = "s3"
IN_FOLDER: Mapping[str, Callable[[Path], Mapping[str, Any]]] = MappingProxyType(
    {"disk": lambda folder: {"folder": str(folder), "create_folder": True}}
)
"""Settings that keep a connection inside a folder, for each connector that has such."""
PLACEHOLDERS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        S3: {"connector": S3, "access_key": "none", "secret_key": "none"},
        "disk": {"connector": "disk", "folder": "nowhere"},
    }
)
"""What stands in a test's project for each connection that the sandbox replaces, so that no variable is needed."""


@dataclass(frozen=True)
class Server:
    """The S3 server of the sandbox: settings that lead to it, and the objects in it."""

    connection: Mapping[str, Any]
    objects: Objects


class Nowhere(Connection[None]):
    """Leads nowhere and says what the test could do about it."""

    connection: str
    has_sandbox: bool

    def open(self, runtime: Runtime) -> None:
        sandbox = " give the test a 'sandbox'," if self.has_sandbox else ""
        raise ProcessError(
            f"connection '{self.connection}' leads nowhere in this test; mock the step,{sandbox} or name the "
            "connection under 'real'",
            "NotMocked",
        )


def connected(
    case: Case, connections: Mapping[str, Connected], server: Server | None, folders: Folders
) -> dict[str, Connected]:
    """The connections of a project, each leading where the test has it."""
    led = {}
    for name, component in connections.items():
        kind = component.connector.id
        connection: Connection[Any] = Nowhere(connection=name, has_sandbox=kind == S3 or kind in IN_FOLDER)
        if name in case.real:
            led[name] = component
            continue
        if case.sandbox and kind in IN_FOLDER:
            connection = component.connector.connection.load(IN_FOLDER[kind](folders.of(name)))
        elif case.sandbox and kind == S3 and server:
            settings = {key: value for key, value in server.connection.items() if key != "connector"}
            connection = component.connector.connection.load(settings)
        led[name] = component._replace(connection=connection, replaced=True)
    return led


def filled(case: Case, connections: Mapping[str, Connected], server: Server | None, root: Path) -> Folders:
    """Put into the sandbox what the test has there, and give its folders."""
    folders = Folders(root, in_folders(connections))
    if case.sandbox:
        for name, files in case.sandbox.files.items():
            folders.fill(name, _contents(files))
        if server:
            server.objects.reset({name: _contents(keys) for name, keys in case.sandbox.buckets.items()})
    return folders


def in_folders(connections: Mapping[str, Connected]) -> Iterable[str]:
    """The connections that have a folder in the sandbox."""
    return [name for name, each in connections.items() if each.connector.id in IN_FOLDER]


def _contents(written: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: as_document(each).content for name, each in written.items()}
