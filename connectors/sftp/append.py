"""Writing at the end of a file that is there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from connector_sdk import DocumentError, Payload, Runtime
from connectors.sftp.errors import Broken, Refused
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts, as_text
from connectors.sftp.protocol import APPEND, BLOCK, WRITE
from connectors.sftp.tree import Tree

if TYPE_CHECKING:
    from connectors.sftp.ssh.file import OpenFile


def append(tree: Tree, target: Parts, payload: Payload, runtime: Runtime) -> Facts:
    """Write the document at the end of the file, or take back what was written; the facts of the longer file.

    A session that breaks in between leaves it open how much has arrived, so that this is not tried again.
    """
    before, began = tree.facts(target).size, False
    try:
        with payload.open() as source, tree.session.opened(tree.path(target), APPEND) as file:
            began = True
            _copy(source, file, payload.size, runtime)
        facts = tree.facts(target)
    except Broken as broken:
        if not began:
            raise
        raise _torn(tree, target, before, broken) from broken
    except BaseException:
        # also when cancelled: no half document stays at the end
        if began:
            with suppress(Refused, Broken), tree.session.opened(tree.path(target), WRITE) as file:
                file.truncate(before)
        raise
    if facts.size != before + payload.size:
        raise DocumentError(
            f"{as_text(target)!r} in {tree.place} has {facts.size} bytes and not {before + payload.size}: somebody "
            "else wrote to it",
            "SizeMismatch",
        )
    return facts


def _copy(source: BinaryIO, file: OpenFile, left: int, runtime: Runtime) -> None:
    # never past the size at the start: a file may be appended to itself
    while left and (block := source.read(min(BLOCK, left))):
        runtime.check()
        file.append(block)
        left -= len(block)


def _torn(tree: Tree, target: Parts, before: int, broken: Broken) -> DocumentError:
    return DocumentError(
        f"the session broke ({broken}) while {as_text(target)!r} in {tree.place} was appended to; it had {before} "
        "bytes before, and a part of the document may follow them",
        "ConnectionLost",
    )
