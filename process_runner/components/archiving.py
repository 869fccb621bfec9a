"""archiving: the documents of an operation, copied to a folder before and after the call."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import quote

from connector_sdk import Document, DocumentError, Payload, Settings, setting

CODE = "ArchivingFailed"
CHUNK = 1 << 20
LONGEST = 160
"""Characters of a part of a path before a digest takes the place of its end; disks take 255 bytes."""

Direction = Literal["input", "output"]


class Archiving(Settings):
    """Copies documents to files that are named FOLDER/EXECUTION/STEP/DOCUMENT.input and DOCUMENT.output."""

    folder: str = setting(
        "The folder, from the working directory; it is made where it is missing.", min_length=1, examples=["archive"]
    )
    documents: Literal["input", "output", "both"] = setting(
        "Which documents: those that the operation is given, those that it returns, or both.", "both"
    )


class Archive:
    """The archived documents of one step of one execution. Safe for threads, and for processes that share it."""

    def __init__(self, settings: Archiving, execution: str, step: str, check: Callable[[], None]) -> None:
        """`check` raises where copying has to end."""
        self._settings = settings
        self._folder = Path(settings.folder).expanduser() / _part(execution) / _part(step)
        self._check = check

    def given(self, document: Document) -> None:
        """Archive what the operation is about to get; DocumentError where that, or what follows, is impossible."""
        with self._explained("the document was not given to the operation"):
            if not self._folder.is_dir():
                self._folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(None, "Permission denied")
            if self._settings.documents != "output":
                self._keep(document, "input")

    def returned(self, documents: Iterable[Document]) -> None:
        """Archive what came of it; DocumentError where that is impossible."""
        if self._settings.documents == "input":
            return
        with self._explained("the operation was carried out, but what it returned is not archived"):
            for document in documents:
                self._keep(document, "output")

    def _keep(self, document: Document, direction: Direction) -> None:
        stream, partial, target = _reserved(self._folder, f"{_part(document.id)}.{direction}")
        try:
            with stream:
                self._copy(document.payload, stream)
            os.rename(partial, target)
        except BaseException:  # also when cancelled: nothing half stays behind
            partial.unlink(missing_ok=True)
            raise

    def _copy(self, payload: Payload, target: BinaryIO) -> None:
        with payload.open() as source:
            while chunk := source.read(CHUNK):
                self._check()
                target.write(chunk)

    @contextmanager
    def _explained(self, consequence: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise DocumentError(f"cannot archive in {self._folder}: {reason}; {consequence}", CODE) from error


def _reserved(folder: Path, name: str) -> tuple[BinaryIO, Path, Path]:
    """A new file, and the free name that it gets when it is whole.

    Whoever wants a name holds the name of its partial file first, and looks for the name while holding it. So of two
    who want the same one, one sees that the other has it or is about to, and takes the next.
    """
    for number in itertools.count(1):
        target = folder / (name if number == 1 else f"{name}.{number}")
        partial = folder / f".{target.name}.partial"
        try:
            stream = open(partial, "xb")
        except FileExistsError:
            continue
        if not os.path.lexists(target):
            return stream, partial, target
        stream.close()
        partial.unlink()
    raise AssertionError("numbers never end")


def _part(text: str) -> str:
    """A text as one part of a path: other texts give other parts, none is hidden or leads elsewhere."""
    name = quote(text, safe=" ", errors="surrogatepass")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) > LONGEST:
        name = f"{name[:LONGEST]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name
