"""One SFTP session, without the asynchronous ways of the library behind it (asyncssh)."""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh

from connectors.sftp.errors import CONNECTION_LOST, NO_CONNECTION, Broken, Refused
from connectors.sftp.facts import Facts
from connectors.sftp.protocol import BLOCK
from connectors.sftp.ssh.loop import Loop, awaited

Value = TypeVar("Value")

AHEAD = 8
"""Blocks under way at once: enough for a long line, and few enough for a small server."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a server says of a path: where it leads with all links followed, and what is there, a link being a link."""

    real: bytes | None
    facts: Facts | None


class Session:
    """An SFTP session on a connection of its own; its methods raise Refused or Broken, and paths are bytes."""

    def __init__(self, loop: Loop, connection: Any, sftp: Any, seconds: float) -> None:
        self._loop = loop
        self._connection = connection
        self._sftp = sftp
        self._seconds = seconds

    @property
    def closed(self) -> bool:
        """Whether the connection has ended."""
        return bool(self._connection.is_closed())

    @property
    def server(self) -> str:
        """How the server names its software."""
        return str(self._connection.get_extra_info("server_version"))

    @property
    def host_key(self) -> str:
        """The fingerprint of the server's key."""
        return str(self._connection.get_server_host_key().get_fingerprint("sha256"))

    def close(self) -> None:
        """End the connection, in good order where that is still possible."""

        async def closed() -> None:
            self._connection.close()
            await self._connection.wait_closed()

        with suppress(Refused, Broken):
            self._call(closed())

    def real(self, path: bytes) -> bytes:
        """The path with all links followed."""
        return bytes(self._call(self._sftp.realpath(path)))

    def facts(self, path: bytes) -> Facts:
        """What is at the path, a link being a link."""
        return _facts(self._call(self._sftp.lstat(path)))

    def look(self, *paths: bytes) -> list[Look]:
        """Both of each path, asked for at once; None where there is nothing."""
        questions = [each(path) for path in paths for each in (self._sftp.realpath, self._sftp.lstat)]

        async def answers() -> list[Any]:
            return await asyncio.gather(*questions, return_exceptions=True)

        told = [self._if_there(each) for each in self._call(answers())]
        return [
            Look(real, None if attributes is None else _facts(attributes))
            for real, attributes in zip(told[::2], told[1::2], strict=True)
        ]

    def names(self, path: bytes) -> list[tuple[bytes, Facts]]:
        """What a folder holds."""

        async def listed() -> list[tuple[bytes, Facts]]:
            found = self._sftp.scandir(path)
            return [(each.filename, _facts(each.attrs)) async for each in found if each.filename not in (b".", b"..")]

        return self._call(listed())

    def rename(self, source: bytes, target: bytes) -> None:
        """Rename; the protocol demands that a target which exists is refused."""
        self._call(self._sftp.rename(source, target))

    def replace(self, source: bytes, target: bytes) -> None:
        """Rename over whatever is there (posix-rename@openssh.com)."""
        self._call(self._sftp.posix_rename(source, target))

    def link(self, source: bytes, target: bytes) -> None:
        """A second name of a file, refused where it is taken (hardlink@openssh.com)."""
        self._call(self._sftp.link(source, target))

    def remove(self, path: bytes) -> None:
        """Remove a file or a link."""
        self._call(self._sftp.remove(path))

    def make_folder(self, path: bytes) -> None:
        """Make one folder."""
        self._call(self._sftp.mkdir(path))

    def change(self, path: bytes, *, mode: int | None = None, modified: int | None = None) -> None:
        """Set permission bits, or the time of the last change."""
        wanted = asyncssh.SFTPAttrs(permissions=mode, atime=modified, mtime=modified)
        self._call(self._sftp.setstat(path, wanted))

    def free(self, path: bytes) -> int | None:
        """Bytes that the account may still write to the disk of the path, None where the server does not say."""
        try:
            told = self._call(self._sftp.statvfs(path))
        except Refused:
            return None
        return int(told.bavail * told.frsize)

    @contextmanager
    def opened(self, path: bytes, flags: int, mode: int | None = None) -> Iterator[OpenFile]:
        """A file, closed afterwards; what the server says at its closing counts."""
        attributes = asyncssh.SFTPAttrs() if mode is None else asyncssh.SFTPAttrs(permissions=mode)
        file = self._call(self._sftp.open(path, flags, attributes, encoding=None))
        try:
            yield OpenFile(file, self._call, self._ahead)
        except BaseException:
            with suppress(Refused, Broken):
                self._call(file.close())
            raise
        self._call(file.close())

    def _call(self, work: Awaitable[Value]) -> Value:
        with self._told():
            return self._loop.run(work, self._seconds)

    def _ahead(self, requests: Iterable[Callable[[], Awaitable[Value]]]) -> Iterator[Value]:
        """The answers to many requests in their order, of which some are always under way."""
        under_way: deque[Future[Value]] = deque()
        try:
            for request in requests:
                under_way.append(self._loop.start(request()))
                if len(under_way) == AHEAD:
                    yield self._awaited(under_way.popleft())
            while under_way:
                yield self._awaited(under_way.popleft())
        finally:
            for each in under_way:
                each.cancel()

    def _awaited(self, future: Future[Value]) -> Value:
        with self._told():
            return awaited(future, self._seconds)

    def _if_there(self, answer: Any) -> Any:
        try:
            with self._told():
                if isinstance(answer, BaseException):
                    raise answer
                return answer
        except Refused as refused:
            if refused.missing:
                return None
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except asyncssh.SFTPError as error:
            if error.code not in (NO_CONNECTION, CONNECTION_LOST):
                raise Refused(error.code, error.reason) from error
            self._loop.soon(self._connection.abort)
            raise Broken(error.reason) from error
        except TimeoutError as error:
            self._loop.soon(self._connection.abort)
            raise Broken(f"no answer in {self._seconds:g} seconds") from error
        except (asyncssh.Error, OSError, EOFError, CancelledError) as error:
            self._loop.soon(self._connection.abort)
            raise Broken(str(error) or type(error).__name__) from error


class OpenFile:
    """A file that a session holds open."""

    def __init__(self, file: Any, call: Callable[..., Any], ahead: Callable[..., Iterator[Any]]) -> None:
        self._file = file
        self._call = call
        self._ahead = ahead

    def facts(self) -> Facts:
        """What the file is now."""
        return _facts(self._call(self._file.stat()))

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes in between; fewer where the file has become shorter."""
        return self._ahead(
            functools.partial(self._file.read, min(BLOCK, end - offset), offset) for offset in range(start, end, BLOCK)
        )

    def fill(self, start: int, blocks: Iterable[bytes]) -> Iterator[int]:
        """Write blocks one behind the other; gives the length of each that has arrived."""

        def requests() -> Iterator[Callable[[], Awaitable[int]]]:
            offset = start
            for block in blocks:
                yield functools.partial(self._file.write, block, offset)
                offset += len(block)

        return self._ahead(requests())

    def append(self, block: bytes) -> None:
        """Write at the end, wherever that is; the file was opened for it."""
        self._call(self._file.write(block))

    def truncate(self, size: int) -> None:
        """Cut the file."""
        self._call(self._file.truncate(size))


def _facts(attributes: Any) -> Facts:
    return Facts.of(attributes.size, attributes.mtime, attributes.permissions)
