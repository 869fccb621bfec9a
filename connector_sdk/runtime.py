"""The runtime that the engine and the test kit hand to connectors: temporary payloads, waiting, and stopping."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from connector_sdk.errors import Cancelled
from connector_sdk.payload import Payload, writes_itself, written_into

CHUNK = 1 << 20
IN_MEMORY = 64 << 10


class LocalRuntime:
    """Keeps payloads above `in_memory` bytes as files in `folder`, which belongs to it alone."""

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self.folder = folder
        self.in_memory = in_memory
        self._numbers = itertools.count(1)
        self._stop = threading.Event()
        self._stopping = False
        """The same, to be looked at several times for each document."""

    def stop(self) -> None:
        """Ask everything that runs to end; safe to call from a signal handler."""
        self._stopping = True
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stopping

    def check(self) -> None:
        if self._stopping:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        from connector_sdk.waiting import slept  # it takes a library that most runs do without

        if not slept(seconds, self.check) and self._stop.wait(seconds):
            raise Cancelled

    def store(self, source: BinaryIO | Iterable[bytes]) -> Payload:
        if type(source) is list and len(source) == 1 and len(source[0]) <= self.in_memory:
            return Payload(bytes(source[0]))
        if writes_itself(source):
            return self._store_file(source)
        chunks = _chunks(source)
        head = bytearray()
        for chunk in chunks:
            self.check()
            head += chunk
            if len(head) > self.in_memory:
                return self._store_file(itertools.chain((bytes(head),), chunks))
        return Payload(bytes(head))

    def new_path(self) -> Path:
        """A path in the folder that nobody else uses."""
        return self.folder / str(next(self._numbers))

    def _store_file(self, source: BinaryIO | Iterable[bytes]) -> Payload:
        path = self.new_path()
        keeper = TemporaryFile(path)
        with open(path, "xb") as stream:
            if not written_into(source, stream.fileno()):
                for chunk in source:
                    self.check()
                    stream.write(chunk)
        return Payload.file(path, keeper)


class TemporaryFile:
    """Deletes the file at `path` when nobody holds this object any more."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __del__(self) -> None:
        with suppress(OSError):
            os.unlink(self._path)


def _chunks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(source, "read", None)
    return iter(lambda: read(CHUNK), b"") if read else iter(source)
