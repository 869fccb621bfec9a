"""List: what a folder holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from connector_sdk import Document, DocumentError, Operation, Request, setting
from connectors.disk.folder import Folder, kind
from connectors.disk.found import NAMES, Found
from connectors.disk.names import as_parts
from connectors.disk.walk import GONE, walk


class List(Operation[Folder]):
    """List one folder: a JSON document for each file, sub-folder and link in it, by name, hidden ones included."""

    action = "list"
    sets: ClassVar[tuple[str, ...]] = NAMES

    object_type: str = setting("The sub-folder to list; the connection's folder without it.", "", dynamic=True)

    def execute(self, client: Folder, request: Request) -> Iterator[Document]:
        start = client.resolved(as_parts(self.object_type))
        for parts, _ in walk(client, start, lambda parts: False):
            try:
                with client.explained(parts):
                    facts = client.facts(parts)
            except DocumentError as error:
                if error.code not in GONE:
                    raise
                continue
            yield Found.at(parts, facts).described(request, type=kind(facts.st_mode))
