"""A large document that is nowhere in memory, and a runtime that is asked to end while one is read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from connector_sdk.payload import Payload
from connector_sdk.runtime import LocalRuntime
from connector_sdk.testing.case import Case, Sample, sample
from connector_sdk.testing.finding import NotJudged

CHUNK = 1 << 20
MIB = 1 << 20
SHARE = 4
"""A large document may take so many times less memory than it is large; reading on after a stop, too."""


def large_sample(case: Case, size: int, folder: Path) -> Sample:
    """The document of `size` MiB that a case is held to bounded memory with; NotJudged where it does not stream."""
    if case.streams is False:
        raise NotJudged("the case does not say that it streams")
    if case.streams is not True:
        return sample(case.streams)
    path = folder / "large"
    with open(path, "wb") as stream:
        for number in range(size * MIB // CHUNK):
            stream.write((b"%015d\n" % number) * (CHUNK // 16))
    return replace(sample(case.good), content=Payload.file(path))


class StoppingRuntime(LocalRuntime):
    """Asks to end as soon as content is on its way, and counts what is read after that."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read_after = 0

    def store(self, source: BinaryIO | Iterable[bytes]) -> Payload:
        read = getattr(source, "read", None)
        return super().store(self._counted(iter(lambda: read(CHUNK), b"") if read else source))

    def on_its_way(self, size: int) -> None:
        """Note bytes that were read."""
        if self.stopping:
            self.read_after += size
        self.stop()

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.on_its_way(len(chunk))
            yield chunk


class WatchedPayload(Payload):
    """A payload whose streams tell a runtime what is read of them."""

    __slots__ = ("_watcher",)

    @classmethod
    def of(cls, payload: Payload, watcher: StoppingRuntime) -> WatchedPayload:
        """The same bytes, watched."""
        made = cls(b"")
        made.__setstate__(payload.__getstate__())
        made._watcher = watcher
        return made

    def open(self) -> BinaryIO:
        return io.BufferedReader(_Watched(super().open(), self._watcher))

    _watcher: StoppingRuntime


class _Watched(io.RawIOBase):
    def __init__(self, stream: BinaryIO, watcher: StoppingRuntime) -> None:
        self._stream = stream
        self._watcher = watcher

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._watcher.on_its_way(len(data))
        return len(data)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def close(self) -> None:
        self._stream.close()
        super().close()
