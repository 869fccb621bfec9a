"""Payload: the bytes of a document, in memory or in a file, opened as often as needed."""

from __future__ import annotations

import errno
import io
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from connector_sdk.errors import DocumentError

Facts = tuple[int, int, int, int]
"""What tells a file from another and from itself after a change: device, inode, size, time."""


class Payload:
    """Immutable bytes of any size.

    `size` is in bytes. A payload in a file remembers which file it is, its size and time, so that a file which changes
    or is replaced while documents travel is an error and not a mixture of two contents. `keeper` is whatever deletes a
    temporary file when the last payload that needs it is gone; a file of the user's has none and is never touched.
    """

    __slots__ = ("_data", "_facts", "_keeper", "_path", "size")

    def __init__(self, data: bytes) -> None:
        self._data: bytes | None = data
        self._path: Path | None = None
        self._facts: Facts | None = None
        self._keeper: object = None
        self.size = len(data)

    @classmethod
    def file(cls, path: str | Path, keeper: object = None) -> Payload:
        """The content of the file at `path`, read only when opened."""
        facts = os.stat(path)
        payload = cls(b"")
        payload._data = None
        payload._path = Path(path)
        payload._facts = _identity(facts)
        payload._keeper = keeper
        payload.size = facts.st_size
        return payload

    @property
    def path(self) -> Path | None:
        """The file it lies in, or None for a payload in memory."""
        return self._path

    @property
    def temporary(self) -> bool:
        """Whether the file goes away with the payloads that need it."""
        return self._keeper is not None

    def open(self) -> BinaryIO:
        """A new seekable stream over all the bytes; DocumentError if the file is gone or has changed."""
        if self._data is not None:
            return io.BytesIO(self._data)
        try:
            stream = open(self._path or "", "rb")
        except OSError as error:
            raise DocumentError(f"cannot open {self._path}: {error.strerror}", "FileUnreadable") from error
        if _identity(os.fstat(stream.fileno())) != self._facts:
            stream.close()
            raise DocumentError(f"{self._path} changed after its document was made; run again", "FileChanged")
        return stream

    def read(self) -> bytes:
        """All the bytes, in memory."""
        if self._data is not None:
            return self._data
        with self.open() as stream:
            return stream.read()

    def linked(self, path: Path, keeper: object) -> Payload:
        """The same bytes under a second name of the same file, for a keeper with its own life."""
        source = self._path or Path()
        try:
            os.link(source, path)
        except OSError as error:
            if (
                error.errno != errno.EMLINK
            ):  # a file has so many names at most, 65,000 on some disks; then a copy serves
                raise
            shutil.copyfile(source, path)
        return Payload.file(path, keeper)

    def __repr__(self) -> str:
        place = f"file {self._path}" if self._path else "memory"
        return f"Payload({self.size} bytes in {place})"

    def __getstate__(self) -> tuple[bytes | None, Path | None, Facts | None, int]:
        return self._data, self._path, self._facts, self.size

    def __setstate__(self, state: tuple[bytes | None, Path | None, Facts | None, int]) -> None:
        self._data, self._path, self._facts, self.size = state
        self._keeper = None


def payload(value: Payload | bytes | str | None) -> Payload:
    """A payload of bytes, of a text as UTF-8, or of nothing."""
    if isinstance(value, Payload):
        return value
    if isinstance(value, str):
        return Payload(value.encode())
    return Payload(value or b"")


def _identity(facts: os.stat_result) -> Facts:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
