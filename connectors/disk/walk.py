"""Walking through folders in the order of paths, holding names only."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator

from connector_sdk import DocumentError
from connectors.disk.folder import Folder
from connectors.disk.names import Parts
from connectors.disk.publish import HIDDEN

GONE = ("FileNotFound", "NotAFolder")


def walk(folder: Folder, start: Parts, enters: Callable[[Parts], bool]) -> Iterator[tuple[Parts, bool]]:
    """Every entry below `start` and whether it is a folder; folders are entered if `enters` says so, links never."""
    pending = [(start, iter(_names(folder, start)))]
    while pending:
        parent, names = pending[-1]
        name = next(names, None)
        if name is None:
            pending.pop()
            continue
        parts, is_folder = (*parent, name.removesuffix("/")), name.endswith("/")
        yield parts, is_folder
        if is_folder and enters(parts):
            pending.append((parts, iter(_names(folder, parts))))


def folders(folder: Folder) -> Iterator[Parts]:
    """Every sub-folder, those within others included."""
    return (parts for parts, is_folder in walk(folder, (), lambda parts: True) if is_folder)


def regular(folder: Folder, parts: Parts) -> os.stat_result | None:
    """Facts of the file at `parts`; None if it vanished, is no regular file, or is a link that leads to none inside."""
    try:
        with folder.explained(parts):
            facts = folder.facts(parts)
            if stat.S_ISLNK(facts.st_mode):
                facts = folder.facts(folder.resolved(parts))
    except DocumentError as error:
        if error.code == "PathOutsideFolder":
            logging.getLogger(__name__).warning("left out: %s", error)
        elif error.code not in GONE:
            raise
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _names(folder: Folder, parts: Parts) -> list[str]:
    folder.runtime.check()
    with folder.explained(parts):
        return [name for name in folder.names(parts) if not name.startswith(HIDDEN)]
