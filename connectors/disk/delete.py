"""Delete: one file."""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Request
from connectors.disk.chosen import ID, chosen, lane
from connectors.disk.errors import not_a_file
from connectors.disk.folder import Folder, kind
from connectors.disk.names import Parts


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


def existing(client: Folder, wanted: Parts) -> Parts:
    """The resolved parts of a file or link that is there; DocumentError for a folder and for what is missing."""
    parts = client.entry(wanted)
    try:
        with client.explained(wanted):
            found = kind(client.facts(parts).st_mode)
    except DocumentError as error:
        raise client.missing(wanted) if error.code == "FileNotFound" else error from error
    if found not in ("file", "link"):
        raise not_a_file(wanted, f"a {found}")
    return parts
