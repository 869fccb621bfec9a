"""Move: one file to another folder or name."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.disk.chosen import ID, chosen, existing
from connectors.disk.folder import Folder
from connectors.disk.found import NAMES, Found
from connectors.disk.names import as_parts
from connectors.disk.publish import Entry, move


class Move(Operation[Folder]):
    """Move or rename one file; the answer describes its new place as JSON. Missing folders are made.

    Documents that refer to the file, such as those that get made, must be used before it is moved.
    """

    action = "move"
    inputs: ClassVar[tuple[Input, ...]] = (ID,)
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    sets: ClassVar[tuple[str, ...]] = NAMES

    to: str = setting(
        "The folder to move it into, from the connection's folder (`.` is that folder itself).",
        dynamic=True,
        examples=["done"],
    )
    file_name: str | None = setting("The new name of the file; the old one without it.", None, dynamic=True)
    if_exists: Literal["overwrite", "unique", "fail"] = setting(
        "Where the target exists: replace it, take a free name such as `order-1.json`, or fail the document.",
        "fail",
        dynamic=True,
    )

    def execute(self, client: Folder, request: Request) -> list[Document]:
        wanted = chosen(request)
        source = existing(client, wanted)
        target = (*as_parts(self.to), *(as_parts(self.file_name) if self.file_name else wanted[-1:]))
        with client.explained(target):
            parts = client.entry(target)
            with client.opened(source[:-1]) as here, client.opened(parts[:-1], create=True) as there:
                moved = move(Entry(here, source[-1]), Entry(there, parts[-1]), self.if_exists)
            parts = (*parts[:-1], moved.name)
            return [Found.at(parts, client.facts(parts)).described(request)]

    def lane(self, request: Request) -> Hashable:
        # two names are at stake, and a lane is one: all moves go one after another
        return "move"
