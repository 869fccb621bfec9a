"""Delete: one file."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Request
from connectors.sftp.chosen import ID, chosen, existing, lane
from connectors.sftp.server import Server


class Delete(Operation[Server]):
    """Delete one file; of a link, the link and not what it leads to. Nothing travels on."""

    action = "delete"
    inputs: ClassVar[tuple[Input, ...]] = (ID,)
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    concurrency = 4

    def execute(self, client: Server, request: Request) -> list[Document]:
        wanted = chosen(request)
        asked = False
        for attempt in client.attempts():
            with attempt as tree:
                if asked and tree.entry(wanted)[1] is None:
                    return []  # it was done, and only the answer was lost
                parts, _ = existing(tree, wanted)
                asked = True
                with tree.explained(wanted):
                    tree.session.remove(tree.path(parts))
                return []
        raise AssertionError("attempts end with a value or an error")

    def lane(self, request: Request) -> Hashable:
        try:
            return lane(chosen(request))
        except DocumentError:
            return None
