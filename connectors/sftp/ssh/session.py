"""One SFTP session, without the asynchronous ways of the library behind it (asyncssh)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh

from connectors.sftp.errors import CONNECTION_LOST, NO_CONNECTION, Broken, Refused
from connectors.sftp.facts import Facts
from connectors.sftp.ssh.file import OpenFile, facts_of
from connectors.sftp.ssh.loop import Loop, awaited

Value = TypeVar("Value")

UNDER_WAY = 2 << 20
"""Bytes under way at once: enough for a long line, and few enough for a small server."""
MOST = 64
"""Requests under way at once; some servers end a session that asks for more."""
FAREWELL = 2.0
"""Seconds that a connection gets to end in good order."""


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
        self._ended = loop.run(_begun(connection.wait_closed()), seconds)

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

        with suppress(TimeoutError):
            self._loop.run(closed(), FAREWELL)
        self.abort()

    def abort(self) -> None:
        """End the connection without a word; whoever still waits for an answer gets Broken."""
        self._loop.soon(self._connection.abort)

    def real(self, path: bytes) -> bytes:
        """The path with all links followed."""
        return bytes(self._call(self._sftp.realpath(path)))

    def facts(self, path: bytes) -> Facts:
        """What is at the path, a link being a link."""
        return facts_of(self._call(self._sftp.lstat(path)))

    def look(self, *paths: bytes) -> list[Look]:
        """Both of each path, asked for at once; None where there is nothing."""
        questions = [each(path) for path in paths for each in (self._sftp.realpath, self._sftp.lstat)]

        async def answers() -> list[Any]:
            return await asyncio.gather(*questions, return_exceptions=True)

        told = [self._if_there(each) for each in self._call(answers())]
        return [
            Look(real, None if attributes is None else facts_of(attributes))
            for real, attributes in zip(told[::2], told[1::2], strict=True)
        ]

    def names(self, path: bytes) -> list[tuple[bytes, Facts]]:
        """What a folder holds."""

        async def listed() -> list[tuple[bytes, Facts]]:
            found = self._sftp.scandir(path)
            return [(each.filename, facts_of(each.attrs)) async for each in found if _is_name(each.filename)]

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
        file = self._call(self._sftp.open(path, flags, attributes, encoding=None, block_size=None))
        try:
            yield OpenFile(file, self._call, self._ahead, self._sftp.limits)
        except BaseException:
            with suppress(Refused, Broken):
                self._call(file.close())
            raise
        self._call(file.close())

    def _call(self, work: Awaitable[Value]) -> Value:
        with self._told():
            return self._loop.run(self._answer(work), self._seconds)

    async def _answer(self, work: Awaitable[Value]) -> Value:
        # what is asked while a connection ends, the library leaves without an answer
        asking = asyncio.ensure_future(work)
        try:
            await asyncio.wait((asking, self._ended), return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
            raise Broken("the connection ended")
        finally:
            asking.cancel()

    def _ahead(self, requests: Iterable[Callable[[], Awaitable[Value]]], size: int) -> Iterator[Value]:
        """The answers to many requests of so many bytes, in their order; some are always under way."""
        under_way: deque[Future[Value]] = deque()
        try:
            for request in requests:
                under_way.append(self._loop.start(self._answer(request())))
                if len(under_way) == max(1, min(MOST, UNDER_WAY // size)):
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
            self.abort()
            raise Broken(error.reason) from error
        except TimeoutError as error:
            self.abort()
            raise Broken(f"no answer in {self._seconds:g} seconds") from error
        except (asyncssh.Error, OSError, EOFError, CancelledError) as error:
            self.abort()
            raise Broken(str(error) or type(error).__name__) from error


async def _begun(work: Awaitable[Value]) -> asyncio.Future[Value]:
    return asyncio.ensure_future(work)


def _is_name(name: bytes) -> bool:
    # a path that a hostile server gives for a name would lead elsewhere
    return name not in (b"", b".", b"..") and b"/" not in name
