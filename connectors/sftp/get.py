"""Get: the bytes of one file."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Request
from connectors.sftp.chosen import ID, chosen, lane
from connectors.sftp.facts import Facts
from connectors.sftp.found import NAMES, Found
from connectors.sftp.names import Parts, as_text
from connectors.sftp.protocol import READ
from connectors.sftp.server import Server


class Get(Operation[Server]):
    """Read one file. One that changes meanwhile fails its document: somebody still writes it."""

    action = "get"
    inputs: ClassVar[tuple[Input, ...]] = (ID,)
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    sets: ClassVar[tuple[str, ...]] = NAMES
    concurrency = 4

    def execute(self, client: Server, request: Request) -> list[Document]:
        wanted = chosen(request)
        parts, facts = client.attempt(lambda tree: tree.file(wanted))
        payload = client.runtime.store(_content(client, wanted, parts, facts))
        return [Found.at(wanted, facts).document(request, payload)]

    def lane(self, request: Request) -> Hashable:
        try:
            return lane(chosen(request))
        except DocumentError:
            return None


def _content(client: Server, wanted: Parts, parts: Parts, facts: Facts) -> Iterator[bytes]:
    """The bytes of the file; where the session breaks, another one goes on behind what has arrived."""
    arrived = 0
    attempts = client.attempts()
    for attempt in attempts:
        with attempt as tree, tree.explained(wanted), tree.session.opened(tree.path(parts), READ) as file:
            _unchanged(wanted, facts, file.facts())
            for block in file.blocks(arrived, facts.size):
                client.runtime.check()
                yield block
                arrived += len(block)
                attempts.climb_anew()
            _unchanged(wanted, facts, file.facts())
            if arrived != facts.size:
                raise _changed(wanted)
            return


def _unchanged(wanted: Parts, before: Facts, now: Facts) -> None:
    if (now.size, now.modified) != (before.size, before.modified):
        raise _changed(wanted)


def _changed(wanted: Parts) -> DocumentError:
    return DocumentError(
        f"{as_text(wanted)!r} changed while it was read; run again, and let query leave what is still being written "
        "with stable_for or done_file",
        "FileChanged",
    )
