"""Move: one file to another folder or name."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Literal

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.sftp.chosen import ID, chosen, existing
from connectors.sftp.errors import Refused
from connectors.sftp.facts import Facts
from connectors.sftp.found import NAMES, Found
from connectors.sftp.names import Parts, as_parts
from connectors.sftp.publish import first_free, rename, replace
from connectors.sftp.server import Server
from connectors.sftp.tree import Tree


class Move(Operation[Server]):
    """Move or rename one file; the answer describes its new place as JSON. Missing folders are made.

    Of several that move one file at once, one gets it.
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

    def execute(self, client: Server, request: Request) -> list[Document]:
        wanted = chosen(request)
        target = (*as_parts(self.to), *(as_parts(self.file_name) if self.file_name else wanted[-1:]))
        tried: list[tuple[Parts, Facts]] = []
        parts, facts = client.attempt(lambda tree: self._moved(tree, wanted, target, tried))
        return [Found.at(parts, facts).described(request)]

    def lane(self, request: Request) -> Hashable:
        # two names are at stake, and a lane is one: all moves go one after another
        return "move"

    def _moved(self, tree: Tree, wanted: Parts, target: Parts, tried: list[tuple[Parts, Facts]]) -> tuple[Parts, Facts]:
        with tree.explained(target):
            if tried and tree.entry(wanted)[1] is None and tree.there(tried[-1][0]) == tried[-1][1]:
                return tried[-1]  # it was done, and only the answer was lost
            source, facts = existing(tree, wanted)

            def publish(candidate: Parts) -> None:
                tried.append((candidate, facts))
                (replace if self.if_exists == "overwrite" else rename)(tree, source, candidate)

            resolved = (*tree.made(target[:-1]), *target[-1:])
            try:
                if self.if_exists == "unique":
                    return first_free(tree, resolved, publish), facts
                publish(resolved)
            except Refused as refused:
                raise tree.missing(wanted) if refused.missing else refused from refused
            return resolved, facts
