"""Delete: one file."""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Request
from connectors.disk.chosen import ID, chosen, existing, lane
from connectors.disk.folder import Folder


class Delete(Operation[Folder]):
    """Delete one file; of a link, the link and not what it leads to. Nothing travels on."""

    action = "delete"
    inputs: ClassVar[tuple[Input, ...]] = (ID,)
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")

    def execute(self, client: Folder, request: Request) -> list[Document]:
        wanted = chosen(request)
        parts = existing(client, wanted)
        with client.explained(wanted), client.opened(parts[:-1]) as parent:
            os.unlink(parts[-1], dir_fd=parent)
        return []

    def lane(self, request: Request) -> Hashable:
        try:
            return lane(chosen(request))
        except DocumentError:
            return None
