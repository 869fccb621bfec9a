"""Walking through folders in the order of paths, holding names only."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from itertools import groupby, islice
from operator import itemgetter

from connector_sdk import DocumentError
from connectors.disk.folder import Folder
from connectors.disk.names import Parts
from connectors.disk.publish import HIDDEN

Look = Callable[[Parts], os.stat_result]
FEW = 100
"""Files that are looked at together: a folder may be replaced meanwhile, and is opened anew for the next ones."""
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


def regulars(folder: Folder, paths: Iterable[Parts]) -> Iterator[tuple[Parts, os.stat_result]]:
    """The files among these paths with their facts; those of one folder that follow each other are found through it."""
    for parent, together in groupby(paths, itemgetter(slice(-1))):
        while few := list(islice(together, FEW)):
            with ExitStack() as stack:
                look = folder.facts
                with suppress(OSError):  # then each file tells what is wrong with its folder
                    look = partial(_facts_in, stack.enter_context(folder.opened(parent)))
                found = [(parts, regular(folder, parts, look)) for parts in few]
            yield from ((parts, facts) for parts, facts in found if facts is not None)


def regular(folder: Folder, parts: Parts, look: Look | None = None) -> os.stat_result | None:
    """Facts of the file at `parts`; None if it vanished, is no regular file, or is a link that leads to none inside."""
    try:
        with folder.explained(parts):
            facts = (look or folder.facts)(parts)
            if stat.S_ISLNK(facts.st_mode):
                facts = folder.facts(folder.resolved(parts))
    except DocumentError as error:
        if error.code == "PathOutsideFolder":
            logging.getLogger(__name__).warning("left out: %s", error)
        elif error.code not in GONE:
            raise
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _facts_in(descriptor: int, parts: Parts) -> os.stat_result:
    return os.stat(parts[-1], dir_fd=descriptor, follow_symlinks=False)


def _names(folder: Folder, parts: Parts) -> list[str]:
    folder.runtime.check()
    with folder.explained(parts):
        return [name for name in folder.names(parts) if not name.startswith(HIDDEN)]
