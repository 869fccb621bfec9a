"""Walking through folders in the order of paths."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connector_sdk import DocumentError
from connectors.sftp.errors import explained
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts
from connectors.sftp.server import Server
from connectors.sftp.tree import TEMPORARY


@dataclass(frozen=True, slots=True)
class Entry:
    """What a folder holds; `beside` are all names in that folder."""

    parts: Parts
    facts: Facts
    beside: frozenset[str]

    @property
    def is_folder(self) -> bool:
        """Whether it can hold others; a link to a folder is a link."""
        return self.facts.kind == "folder"


def walk(server: Server, start: Parts, enters: Callable[[Parts], bool]) -> Iterator[Entry]:
    """Every entry below `start`; folders are entered if `enters` says so, links never."""
    pending = [iter(listed(server, start))]
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
            continue
        yield entry
        if entry.is_folder and enters(entry.parts):
            pending.append(iter(listed(server, entry.parts)))


def listed(server: Server, folder: Parts) -> list[Entry]:
    """What one folder holds, except files that are still being written by this connector."""
    server.runtime.check()
    with explained(folder, server.place):
        found = server.attempt(lambda tree: tree.names(folder))
    names = [(name, facts) for name, facts in found if not name.startswith(TEMPORARY)]
    beside = frozenset(name for name, _ in names)
    return [Entry((*folder, name), facts, beside) for name, facts in names]


def folders(server: Server) -> Iterator[Parts]:
    """Every sub-folder, those within others included."""
    return (entry.parts for entry in walk(server, (), lambda parts: True) if entry.is_folder)


def regular(server: Server, entry: Entry) -> Facts | None:
    """Facts of the file; None if it vanished, is no regular file, or is a link that leads to none inside."""
    if entry.facts.kind == "file":
        return entry.facts
    if entry.facts.kind not in ("link", "unknown"):
        return None
    try:
        return server.attempt(lambda tree: tree.file(entry.parts)[1])
    except DocumentError as error:
        if error.code == "PathOutsideFolder":
            logging.getLogger(__name__).warning("left out: %s", error)
        elif error.code not in ("FileNotFound", "NotAFile", "NotAFolder"):
            raise
        return None
