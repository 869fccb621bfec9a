"""Get: the bytes of one file."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import ClassVar

from connector_sdk import Document, DocumentError, Input, Operation, Payload, Request
from connectors.disk.chosen import ID, chosen
from connectors.disk.errors import not_a_file
from connectors.disk.folder import Folder, kind
from connectors.disk.found import NAMES, Found
from connectors.disk.names import Parts


class Get(Operation[Folder]):
    """Read one file. The document refers to the file itself, which is not copied and must not change meanwhile."""

    action = "get"
    inputs: ClassVar[tuple[Input, ...]] = (ID,)
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    sets: ClassVar[tuple[str, ...]] = NAMES

    def execute(self, client: Folder, request: Request) -> list[Document]:
        wanted = chosen(request)
        if not wanted:
            raise not_a_file(wanted, "the connection's folder itself")
        try:
            with client.explained(wanted):
                parts, facts = _readable_file(client, wanted)
        except DocumentError as error:
            raise client.missing(wanted) if error.code == "FileNotFound" else error from error
        payload = Payload.file(client.path(parts), facts=facts)
        return [Found.at(wanted, facts).document(request, payload)]


def _readable_file(client: Folder, wanted: Parts) -> tuple[Parts, os.stat_result]:
    """Where the file is, with all links followed, and what is known of it; looked for where there are none first."""
    with suppress(OSError, DocumentError):
        return wanted, _facts(client, wanted, wanted)
    parts = client.resolved(wanted)
    if not parts:
        raise not_a_file(wanted, "a folder")
    return parts, _facts(client, parts, wanted)


def _facts(client: Folder, parts: Parts, wanted: Parts) -> os.stat_result:
    """What is known of the file; the document is bound to it, so that another one at its path is never read for it."""
    with client.opened(parts[:-1]) as parent:
        # a pipe or a device is told by its kind and never opened: opening may block or do something
        facts = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
        if (found := kind(facts.st_mode)) != "file":
            raise not_a_file(wanted, f"a {found}")
        if _may_be_read(parts[-1], parent):
            return facts
        descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    try:
        facts = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if (found := kind(facts.st_mode)) != "file":  # it was put there since
        raise not_a_file(wanted, f"a {found}")
    return facts


def _may_be_read(name: str, parent: int) -> bool:
    """Whether the system says so; where it cannot tell, opening the file does."""
    known = os.access in os.supports_effective_ids
    return known and os.access(name, os.R_OK, dir_fd=parent, effective_ids=True, follow_symlinks=False)
