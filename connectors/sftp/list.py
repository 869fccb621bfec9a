"""List: what a folder holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import Document, Operation, Request, setting
from connectors.sftp.found import NAMES, Found
from connectors.sftp.names import as_parts
from connectors.sftp.server import Server
from connectors.sftp.walk import listed


class List(Operation[Server]):
    """List one folder: a JSON document for each file, sub-folder and link in it, by name, hidden ones included."""

    action = "list"
    sets: ClassVar[tuple[str, ...]] = NAMES

    object_type: str = setting("The sub-folder to list; the connection's folder without it.", "", dynamic=True)

    def execute(self, client: Server, request: Request) -> Iterator[Document]:
        wanted = as_parts(self.object_type)
        start = client.attempt(lambda tree: tree.resolved(wanted))
        for entry in listed(client, start):
            yield Found.at(entry.parts, entry.facts).described(request, type=entry.facts.kind)
