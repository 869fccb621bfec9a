"""Create: a file from a document."""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from typing import ClassVar, Literal

from connector_sdk import Document, DocumentError, Operation, Request, setting
from connectors.disk.chosen import folder, lane, named
from connectors.disk.errors import not_a_file
from connectors.disk.folder import Folder
from connectors.disk.found import NAMES, Found
from connectors.disk.names import Parts, as_parts
from connectors.disk.publish import Entry
from connectors.disk.write import write


class Create(Operation[Folder]):
    """Write the document to a file; the answer describes it as JSON.

    The name comes from disk.file_name and disk.folder; a document without a name gets a random one. Missing folders
    are made. The file appears under its name when it is whole.
    """

    action = "create"
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    sets: ClassVar[tuple[str, ...]] = NAMES
    reads_once = True

    object_type: str = setting("The sub-folder for documents that have no disk.folder.", "", dynamic=True)
    if_exists: Literal["overwrite", "unique", "append", "fail"] = setting(
        "Where the file exists: replace it, take a free name such as `order-1.json`, write at its end (one writer at "
        "a time), or fail the document.",
        "overwrite",
        dynamic=True,
    )

    def execute(self, client: Folder, request: Request) -> list[Document]:
        wanted = self._wanted(request)
        with client.explained(wanted):
            parts = client.resolved(wanted)
            if not parts:
                raise not_a_file(wanted, "the connection's folder itself")
            with client.opened(parts[:-1], create=True) as parent:
                target = Entry(parent, parts[-1])
                made, facts = write(request.document.payload, target, self.if_exists, client.runtime)
        return [Found.at((*parts[:-1], made.name), facts).described(request)]

    def lane(self, request: Request) -> Hashable:
        try:
            return lane(named(request, as_parts(self.object_type)))
        except DocumentError:
            return None

    def _wanted(self, request: Request) -> Parts:
        default = as_parts(self.object_type)
        parts = named(request, default)
        return (*folder(request, default), str(uuid.uuid4())) if parts is None else parts
