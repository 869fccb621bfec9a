"""Payload: the bytes of a document, in memory or in a file, opened as often as needed."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from connector_sdk.errors import DocumentError

Facts = tuple[int, int, int, int]
"""What tells a file from another and from itself after a change: device, inode, size, time."""

CHUNK = 1 << 20
NOWHERE: Facts = (0, 0, 0, 0)
Packed = tuple[str, Facts, int] | tuple[str, Facts, int, str]
"""A file's path, facts and size; or why there is no content, with the code of the error."""


class Payload:
    """Immutable bytes of any size.

    `size` is in bytes. A payload in a file remembers which file it is, its size and time, so that a file which changes
    or is replaced while documents travel is an error and not a mixture of two contents. `keeper` is whatever deletes a
    temporary file when the last payload that needs it is gone; a file of the user's has none and is never touched.
    """

    __slots__ = ("_data", "_facts", "_keeper", "_path", "size")

    def __init__(self, data: bytes) -> None:
        self._data: bytes | None = data
        self._path: str | None = None
        self._facts: Facts | None = None
        self._keeper: object = None
        self.size = len(data)

    @classmethod
    def file(cls, path: str | Path, keeper: object = None, facts: os.stat_result | None = None) -> Payload:
        """The content of the file at `path`, read only when opened; `facts` are those of the file that is meant."""
        facts = facts or os.stat(path)
        payload = cls(b"")
        payload._data = None
        payload._path = str(path)
        payload._facts = _identity(facts)
        payload._keeper = keeper
        payload.size = facts.st_size
        return payload

    @classmethod
    def deferred(cls, open: Callable[[], BinaryIO], size: int) -> Payload:
        """Content that stays in another system until somebody reads it, and is read from there each time.

        `open` gives a new seekable stream of `size` bytes, for as long as the execution lives; opening and reading
        raise DocumentError where the content is gone or is another one by now. A stream may have a method
        `write_into(descriptor)`, which writes all of it into a new file, in whatever order is the fastest.
        """
        return _Deferred(open, size)

    @property
    def path(self) -> Path | None:
        """The file it lies in, or None for a payload in memory."""
        return None if self._path is None else Path(self._path)

    @property
    def in_memory(self) -> bool:
        """Whether it lies in no file."""
        return self._data is not None

    @property
    def temporary(self) -> bool:
        """Whether the file goes away with the payloads that need it."""
        return self._keeper is not None

    @property
    def is_deferred(self) -> bool:
        """Whether it is read from another system when it is opened."""
        return self._data is None and self._path is None

    def open(self) -> BinaryIO:
        """A new seekable stream over all the bytes; DocumentError if the file is gone or has changed."""
        if self._data is not None:
            return io.BytesIO(self._data)
        try:
            stream = open(self._path or "", "rb", opener=_at_once)
        except OSError as error:
            raise DocumentError(f"cannot open {self._path}: {error.strerror}", "FileUnreadable") from error
        if _identity(os.fstat(stream.fileno())) != self._facts:
            stream.close()
            raise self._changed()
        return stream

    def read(self) -> bytes:
        """All the bytes, in memory."""
        if self._data is not None:
            return self._data
        if self._path is not None and self.size <= CHUNK:
            found = self._read_at_once(self._path)
            if len(found) == self.size:
                return found
        with self.open() as stream:
            return stream.read()

    def _read_at_once(self, path: str) -> bytes:
        """What one call gives of a small file; a stream would make twelve."""
        try:
            descriptor = _at_once(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                facts = os.fstat(descriptor)
                if stat.S_ISDIR(facts.st_mode):
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                is_same = _identity(facts) == self._facts
                found = os.read(descriptor, self.size) if is_same else b""
            finally:
                os.close(descriptor)
        except OSError as error:
            raise DocumentError(f"cannot open {path}: {error.strerror}", "FileUnreadable") from error
        if not is_same:
            raise self._changed()
        return found

    def _changed(self) -> DocumentError:
        return DocumentError(f"{self._path} changed after its document was made; run again", "FileChanged")

    def linked(self, path: Path, keeper: object) -> Payload:
        """The same bytes under a second name of the same file, for a keeper with its own life."""
        source = self._path or ""
        try:
            os.link(source, path)
        except OSError as error:
            if (
                error.errno != errno.EMLINK
            ):  # a file has so many names at most, 65,000 on some disks; then a copy serves
                raise
            shutil.copyfile(source, path)
        return Payload.file(path, keeper)

    def packed(self) -> bytes | Packed:
        """Plain values that stand for it, which pickle several times faster than an object; not for its keeper."""
        if self._data is not None:
            return self._data
        return self._path or "", self._facts or NOWHERE, self.size

    @classmethod
    def unpacked(cls, packed: bytes | Packed, keeper: object = None) -> Payload:
        """The payload that was packed."""
        if isinstance(packed, bytes):
            return cls(packed)
        if len(packed) == 4:
            return _Lost(DocumentError(packed[0], packed[3]), packed[2])
        payload = cls(b"")
        payload._data = None
        payload._path, payload._facts, payload.size = packed
        payload._keeper = keeper
        return payload

    def __repr__(self) -> str:
        place = f"file {self._path}" if self._path else "memory"
        return f"Payload({self.size} bytes in {place})"

    def __getstate__(self) -> tuple[bytes | None, str | None, Facts | None, int]:
        return self._data, self._path, self._facts, self.size

    def __setstate__(self, state: tuple[bytes | None, str | None, Facts | None, int]) -> None:
        self._data, self._path, self._facts, self.size = state
        self._keeper = None


class _Deferred(Payload):
    """Content in another system. It counts as temporary: whoever keeps it for later, or elsewhere, links it, and that
    makes a file of it.
    """

    __slots__ = ("_opener",)

    def __init__(self, opener: Callable[[], BinaryIO], size: int) -> None:
        super().__init__(b"")
        self._data = None
        self._keeper = self._opener = opener
        self.size = size

    def open(self) -> BinaryIO:
        return self._opener()

    def linked(self, path: Path, keeper: object) -> Payload:
        try:
            with self.open() as source, open(path, "xb") as target:
                if not written_into(source, target.fileno()):
                    shutil.copyfileobj(source, target, CHUNK)
        except DocumentError as error:
            path.unlink(missing_ok=True)
            return _Lost(error, self.size)
        return Payload.file(path, keeper)

    def __repr__(self) -> str:
        return f"Payload({self.size} bytes in another system)"

    def __reduce__(self) -> Any:
        raise TypeError("content in another system does not travel; linked() makes a file of it")


class _Lost(Payload):
    """Content that could not be had when it was to be kept: its document fails where it is read, and no other."""

    __slots__ = ("_reason",)

    def __init__(self, reason: DocumentError, size: int) -> None:
        super().__init__(b"")
        self._data = None
        self._reason = reason
        self.size = size

    def open(self) -> BinaryIO:
        raise DocumentError(str(self._reason), self._reason.code)

    def packed(self) -> Packed:
        return str(self._reason), NOWHERE, self.size, self._reason.code

    def __repr__(self) -> str:
        return f"Payload({self.size} bytes that could not be had)"

    def __reduce__(self) -> Any:
        return _Lost, (self._reason, self.size)


def payload(value: Payload | bytes | str | None) -> Payload:
    """A payload of bytes, of a text as UTF-8, or of nothing."""
    if isinstance(value, Payload):
        return value
    if isinstance(value, str):
        return Payload(value.encode())
    return Payload(value or b"")


def writes_itself(source: Any) -> bool:
    """Whether all of a source, of which nothing was read yet, writes itself into a new file."""
    return hasattr(source, "write_into") and source.tell() == 0


def written_into(source: Any, descriptor: int) -> bool:
    """Whether the source has written all of itself into a new file."""
    is_able = writes_itself(source)
    if is_able:
        source.write_into(descriptor)
    return is_able


def _at_once(path: str, flags: int) -> int:
    """A descriptor, also of a pipe that nobody writes to, which has taken the file's place and is told by its facts."""
    return os.open(path, flags | os.O_NONBLOCK)


def _identity(facts: os.stat_result) -> Facts:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
