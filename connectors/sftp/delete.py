"""Delete: one file."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Request
from connectors.sftp.chosen import ID, chosen, lane
from connectors.sftp.errors import not_a_file
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts
from connectors.sftp.server import Server
from connectors.sftp.tree import Tree


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


def existing(tree: Tree, wanted: Parts) -> tuple[Parts, Facts]:
    """The resolved parts of a file or link that is there; DocumentError for a folder and for what is missing."""
    parts, facts = tree.entry(wanted)
    if facts is None:
        raise tree.missing(wanted)
    if facts.kind not in ("file", "link", "unknown"):
        raise not_a_file(wanted, f"a {facts.kind}")
    return parts, facts
