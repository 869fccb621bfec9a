"""Zip archives: many named documents in one."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import CHUNK
from process_runner.formats.gzip import LARGEST

OLDEST = (1980, 1, 1, 0, 0, 0)
ENCRYPTED = 0x1

DAMAGED = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,  # a compression this Python does not know
    OSError,  # bz2, and seeking to places that do not exist
    OverflowError,
    UnicodeDecodeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)


class Zip(Settings):
    """Packs documents into one archive; the same content always gives the same bytes."""

    level: int = setting("From 1, the fastest, to 9, the smallest.", 6, ge=1, le=9)

    def combine(self, named: Iterable[tuple[str, Payload]]) -> Iterator[bytes]:
        """The archive of these names and contents in pieces; DocumentError for a name that is unsafe or double."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=self.level) as archive:
            for name, payload in named:
                _refuse_unsafe(name)
                _refuse_untextual(name)
                if name in archive.NameToInfo:
                    raise DocumentError(f"two documents have the name {name!r} in the archive", "DuplicateName")
                entry = zipfile.ZipInfo(name, OLDEST)
                entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, payload.size
                with payload.open() as source, archive.open(entry, "w") as target:
                    while chunk := source.read(CHUNK):
                        target.write(chunk)
                        yield sink.taken()
        yield sink.taken()


class Unzip(Settings):
    """Unpacks an archive into one document for each file in it; folders are left out."""

    largest: int = setting(f"{LARGEST} All files count together.", 4096, ge=1)
    most_files: int = setting("How many files and folders the archive may have.", 100_000, ge=1)

    def split(self, payload: Payload) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of each file, the content to be read before the next one is asked for.

        DocumentError for an archive that is damaged, encrypted or too large, or has a name that leads elsewhere.
        """
        with payload.open() as stream, _readable(), zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if len(entries) > self.most_files:
                raise DocumentError(
                    f"the archive has {len(entries)} entries; a higher `most_files` would work", "TooLarge"
                )
            for entry in entries:
                _refuse_entry(entry)
            left = [self.largest << 20]
            for entry in entries:
                if not entry.is_dir():
                    yield entry.filename, self._content(archive, entry, left)

    def _content(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: list[int]) -> Iterator[bytes]:
        with _readable(), archive.open(entry) as content:
            while chunk := content.read(CHUNK):
                left[0] -= len(chunk)
                if left[0] < 0:
                    raise DocumentError(
                        f"more than {self.largest} MiB come out; a higher `largest` would work", "TooLarge"
                    )
                yield chunk


class _Sink:
    """Where an archive is written to and pieces are taken from; without a way back, as zipfile finds out."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is to be given back."""

    def taken(self) -> bytes:
        """The pieces since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        raise DocumentError(f"no zip archive, or damaged: {error}", "InvalidZip") from error


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise DocumentError(f"{entry.filename!r} in the archive is encrypted, which is not supported", "InvalidZip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DocumentError(f"{entry.filename!r} in the archive is a link, which is refused", "UnsafeName")
    _refuse_unsafe(entry.orig_filename)


def _refuse_untextual(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"{name!r} holds half a character, which an archive cannot name", "UnsafeName") from error


def _refuse_unsafe(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    drive = parts[0][1:2] == ":"
    if not name or name.startswith(("/", "\\")) or ".." in parts or drive or "\0" in name:
        raise DocumentError(
            f"{name!r} in the archive leads out of its folder; names without '..', drive or leading '/' would work",
            "UnsafeName",
        )
