"""One document on its way to the server, over as many sessions as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from connector_sdk import DocumentError, Payload, Runtime
from connectors.sftp.errors import Refused, Taken
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts, as_text
from connectors.sftp.protocol import BLOCK, CREATE, CUT, NEW, WRITE
from connectors.sftp.publish import first_free, link, replace, temporary
from connectors.sftp.tree import Tree

PROBE = 86_400
"""A time that no file which was just written has."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is to be written; `folder` is where it lies until it is whole, None its own."""

    if_exists: Literal["overwrite", "unique", "append", "fail"]
    in_place: bool
    folder: Parts | None
    mode: int | None
    modified: int | None


class Upload:
    """Remembers what has arrived and which name was tried, so that another session goes on from there."""

    def __init__(self, payload: Payload, way: Way, runtime: Runtime, on_progress: Callable[[], None]) -> None:
        self.payload = payload
        self.runtime = runtime
        self.part: Parts | None = None
        self._way = way
        self._on_progress = on_progress
        self._arrived = 0
        self._tried: Parts | None = None

    def to(self, tree: Tree, target: Parts, there: Facts | None) -> tuple[Parts, Facts]:
        """Bring the file under its name; the name it got, and its facts. Taken where that may not be replaced."""
        if (published := self._published_before(tree)) is not None:
            self.part = None
            return published, tree.facts(published)
        mode = there.mode if self._way.mode is None and there is not None and there.kind == "file" else self._way.mode
        if self._way.in_place:
            return self._in_place(tree, target, mode)
        if self.part is None:
            self.part = temporary(target[:-1] if self._way.folder is None else tree.made(self._way.folder))
        self._send(tree, self.part, WRITE | CREATE, mode)
        facts = self._finished(tree, self.part, mode)
        published = self._publish(tree, self.part, target)
        self.part = None
        return published, facts

    def discard(self, tree: Tree) -> None:
        """Remove what is not whole or has no name of its own yet."""
        if self.part is not None and tree.there(self.part) is not None:
            tree.session.remove(tree.path(self.part))

    def _in_place(self, tree: Tree, target: Parts, mode: int | None) -> tuple[Parts, Facts]:
        self._arrived = 0
        if self.part is not None or self._way.if_exists == "overwrite":
            self._send(tree, self.part or target, WRITE | CREATE | CUT, mode)
        elif self._way.if_exists == "unique":
            first_free(tree, target, partial(self._send_new, tree, mode=mode))
        else:
            self._send_new(tree, target, mode)
        name = self.part or target
        facts = self._finished(tree, name, mode)
        self.part = None
        return name, facts

    def _send_new(self, tree: Tree, target: Parts, mode: int | None) -> None:
        if tree.there(target) is not None:
            raise Taken
        try:
            with tree.session.opened(tree.path(target), NEW, mode):
                self.part = target
        except Refused as refused:
            if not refused.missing and tree.there(target) is not None:
                raise Taken from refused
            raise
        self._send(tree, target, WRITE, mode)

    def _send(self, tree: Tree, part: Parts, flags: int, mode: int | None) -> None:
        if self._arrived and ((there := tree.there(part)) is None or there.size < self._arrived):
            self._arrived = 0  # the server has lost what it had confirmed
        with tree.session.opened(tree.path(part), flags, mode) as file:
            self.part = part  # from here on it is ours to remove
            for length in file.fill(self._arrived, self._rest()):
                self._arrived += length
                self._on_progress()

    def _rest(self) -> Iterator[bytes]:
        with self.payload.open() as source:
            source.seek(self._arrived)
            while block := source.read(BLOCK):
                self.runtime.check()
                yield block

    def _finished(self, tree: Tree, part: Parts, mode: int | None) -> Facts:
        """Proof that all has arrived, after mode and time were set."""
        facts = tree.facts(part)
        if facts.size != self.payload.size:
            raise DocumentError(
                f"{as_text(part)!r} has {facts.size} bytes on the server, but {self.payload.size} were sent",
                "SizeMismatch",
            )
        wanted = mode if mode is not None and mode != facts.mode else None
        if wanted is None and self._way.modified is None:
            return facts
        try:
            tree.session.change(tree.path(part), mode=wanted, modified=self._way.modified)
        except Refused:
            # a server that changes nothing made the file no wider than the one that it replaces
            if self._way.mode is not None or self._way.modified is not None:
                raise
        return tree.facts(part)

    def _publish(self, tree: Tree, part: Parts, target: Parts) -> Parts:
        if self._way.if_exists == "overwrite":
            self._tried = target
            replace(tree, part, target)
            return target
        if self._way.if_exists == "unique":
            return first_free(tree, target, partial(self._link, tree, part))
        self._link(tree, part, target)
        return target

    def _link(self, tree: Tree, part: Parts, target: Parts) -> None:
        self._tried = target
        link(tree, part, target)

    def _published_before(self, tree: Tree) -> Parts | None:
        """Where the file is if the server gave it its name and only the answer was lost."""
        part, tried = self.part, self._tried
        if part is None or tried is None:
            return None
        there, own = tree.there(tried), tree.there(part)
        if there is None or there.size != self.payload.size:
            return None
        if own is None:
            return tried
        # two names of one file have one time: what is set by the one is seen by the other
        tree.session.change(tree.path(part), modified=PROBE)
        same = tree.facts(tried).modified == PROBE
        tree.session.change(tree.path(part), modified=own.modified)
        if same:
            tree.session.remove(tree.path(part))
        return tried if same else None
