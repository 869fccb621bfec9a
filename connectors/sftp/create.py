"""Create: a file from a document."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar, Literal

from connector_sdk import ConnectorError, Document, DocumentError, Operation, Request, setting
from connectors.sftp.append import append
from connectors.sftp.chosen import folder, lane, named
from connectors.sftp.errors import FAILURE, NO_SPACE, Broken, Refused, Taken, not_a_file
from connectors.sftp.facts import Facts
from connectors.sftp.found import NAMES, Found
from connectors.sftp.names import Parts, as_parts, as_text
from connectors.sftp.server import Server
from connectors.sftp.tree import Tree
from connectors.sftp.upload import Upload, Way


class Create(Operation[Server]):
    """Write the document to a file; the answer describes it as JSON.

    The name comes from sftp.file_name and sftp.folder; a document without a name gets a random one. Missing folders
    are made. The file appears under its name when it is whole and its size was proven.
    """

    action = "create"
    reads: ClassVar[tuple[str, ...]] = ("folder", "file_name")
    sets: ClassVar[tuple[str, ...]] = NAMES
    concurrency = 4

    object_type: str = setting("The sub-folder for documents that have no sftp.folder.", "", dynamic=True)
    if_exists: Literal["overwrite", "unique", "append", "fail"] = setting(
        "Where the file exists: replace it, take a free name such as `order-1.json`, write at its end (one writer at "
        "a time), or fail the document.",
        "overwrite",
        dynamic=True,
    )
    mode: str | None = setting(
        "Permission bits in octal digits; without them a replaced file hands on its own, and the server decides for "
        "a new one.",
        None,
        dynamic=True,
        pattern="^[0-7]{3,4}$",
        examples=["640"],
    )
    modified: str | None = setting(
        "When the file is to have been changed last, ISO 8601; the moment of writing without it.",
        None,
        dynamic=True,
        examples=["2026-01-31T12:00:00Z"],
    )
    temporary_folder: str | None = setting(
        "Where the file lies until it is whole, on the same disk of the server; beside its place without it.",
        None,
        dynamic=True,
        examples=["uploading"],
    )
    in_place: bool = setting(
        "Write under the final name at once, for servers that allow no renames. Others may then see half a file.",
        False,
        dynamic=True,
    )

    def execute(self, client: Server, request: Request) -> list[Document]:
        wanted, attempts = self._wanted(request), client.attempts()
        upload = Upload(request.document.payload, self._way(), client.runtime, attempts.climb_anew)
        try:
            for attempt in attempts:
                with attempt as tree, tree.explained(wanted), _diagnosed(tree):
                    parts, facts = self._written(tree, wanted, upload)
                    return [Found.at(parts, facts).described(request)]
        except BaseException as error:
            # also when cancelled: nothing half stays on the server, or it is told
            told = _without_traces(client, upload, error)
            if told is error:
                raise
            raise told from error
        raise AssertionError("attempts end with a value or an error")

    def lane(self, request: Request) -> Hashable:
        try:
            return lane(named(request, as_parts(self.object_type)))
        except DocumentError:
            return None

    def _wanted(self, request: Request) -> Parts:
        default = as_parts(self.object_type)
        parts = named(request, default)
        parts = (*folder(request, default), str(uuid.uuid4())) if parts is None else parts
        if not parts:
            raise not_a_file(parts, "the connection's folder itself")
        return parts

    def _way(self) -> Way:
        return Way(
            self.if_exists,
            self.in_place,
            None if self.temporary_folder is None else as_parts(self.temporary_folder),
            None if self.mode is None else int(self.mode, 8),
            None if self.modified is None else _seconds(self.modified),
        )

    def _written(self, tree: Tree, wanted: Parts, upload: Upload) -> tuple[Parts, Facts]:
        target, there = _target(tree, wanted)
        if there is not None and there.kind not in ("file", "unknown") and self.if_exists in ("overwrite", "append"):
            raise not_a_file(wanted, f"a {there.kind}")
        if there is not None and self.if_exists == "append":
            return target, append(tree, target, upload.payload, upload.runtime)
        if there is not None and self.if_exists == "fail" and upload.part is None:
            raise Taken
        try:
            return upload.to(tree, target, there)
        except Taken:
            if self.if_exists != "append":
                raise
            upload.discard(tree)
            return target, append(tree, target, upload.payload, upload.runtime)


def _target(tree: Tree, wanted: Parts) -> tuple[Parts, Facts | None]:
    """Where the file is to be, its folders made and all links followed, and what is there."""
    target = (*tree.made(wanted[:-1]), wanted[-1])
    there = tree.there(target)
    if there is not None and there.kind == "link":
        target = tree.resolved(target)
        there = tree.there(target)
    return target, there


def _seconds(written: str) -> int:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise DocumentError(
            f"modified: {written!r} is no time in ISO 8601, such as 2026-01-31T12:00:00Z", "InvalidTime"
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@contextmanager
def _diagnosed(tree: Tree) -> Iterator[None]:
    # version 3 of the protocol has no word for a full disk: it is a failure like others
    try:
        yield
    except Refused as refused:
        if refused.number == FAILURE and tree.session.free(tree.path(())) == 0:
            raise Refused(NO_SPACE, str(refused)) from refused
        raise


def _without_traces(client: Server, upload: Upload, error: BaseException) -> BaseException:
    """The error, once the half file is removed; it tells where that was impossible."""
    if upload.part is None:
        return error
    try:
        with client.leased(patient=False) as tree:
            upload.discard(tree)
            return error
    except (Refused, Broken, ConnectorError) as obstacle:
        told = f"{as_text(upload.part)!r} stays on the server, unfinished ({obstacle})"
    if isinstance(error, DocumentError):
        return type(error)(f"{error}; {told}", error.code)
    logging.getLogger(__name__).warning("%s", told)
    return error
