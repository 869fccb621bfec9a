"""The client of a connection: a few sessions, shared by threads, and the retry ladder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from connector_sdk import DocumentError, ProcessError, Runtime
from connectors.sftp.errors import Broken, Unreachable
from connectors.sftp.tree import Tree

if TYPE_CHECKING:
    from connectors.sftp.connection import SftpConnection
    from connectors.sftp.ssh.login import Login
    from connectors.sftp.ssh.loop import Loop

Value = TypeVar("Value")
PATIENCE = 0.2


class Server:
    """Sessions are opened when they are needed, up to max_connections, and used by one thread at a time."""

    def __init__(self, settings: SftpConnection, login: Login, runtime: Runtime) -> None:
        self.settings = settings
        self.runtime = runtime
        self.place = f"{settings.host}:{settings.folder}"
        self._login = login
        self._places = threading.BoundedSemaphore(settings.max_connections)
        self._lock = threading.Lock()
        self._idle: list[Tree] = []
        self._loop: Loop | None = None

    def close(self) -> None:
        """End all sessions."""
        with self._lock:
            idle, self._idle = self._idle, []
            loop, self._loop = self._loop, None
        for tree in idle:
            tree.session.close()
        if loop is not None:
            loop.close()

    def attempt(self, work: Callable[[Tree], Value]) -> Value:
        """What the work gives with a session; where that breaks, with another after each wait of the ladder."""
        for attempt in self.attempts():
            with attempt as tree:
                return work(tree)
        raise AssertionError("attempts end with a value or an error")

    def attempts(self) -> Attempts:
        """The ladder itself, for work that keeps what it achieved."""
        return Attempts(self)

    @contextmanager
    def leased(self, patient: bool = True) -> Iterator[Tree]:
        """A session without any ladder; without patience it is given although the execution was asked to end."""
        tree = self.take(patient)
        broken = False
        try:
            yield tree
        except Broken:
            broken = True
            raise
        finally:
            self.give_back(tree, broken)

    def take(self, patient: bool = True) -> Tree:
        """A session that is open, to be given back; waits until there is a place for it."""
        while not self._places.acquire(timeout=PATIENCE):
            if patient:
                self.runtime.check()
        try:
            return self._idle_one() or self._new_one()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, tree: Tree, broken: bool) -> None:
        """End the use of a session. What broke one has often broken all, so that idle ones are not tried."""
        with self._lock:
            ended = [*self._idle, tree] if broken else []
            if broken:
                self._idle.clear()
            elif not tree.session.closed:
                self._idle.append(tree)
        self._places.release()
        for each in ended:
            each.session.abort()

    def _idle_one(self) -> Tree | None:
        with self._lock:
            while self._idle:
                tree = self._idle.pop()
                if not tree.session.closed:
                    return tree
        return None

    def _new_one(self) -> Tree:
        from connectors.sftp.ssh.loop import Loop

        with self._lock:
            self._loop = loop = self._loop or Loop()
        session = self._login.session(loop)
        try:
            return Tree.at(session, self.settings.folder, self.settings.create_folder, self.place)
        except BaseException:
            session.close()
            raise


class Attempts:
    """An iterator of blocks with a session; where it breaks, another block follows after a wait."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.again = False
        self.climb_anew()

    def climb_anew(self) -> None:
        """Something was achieved: all the waits are there again."""
        self._waits = iter(self._server.settings.retry.waits)

    def __iter__(self) -> Attempts:
        return self

    def __next__(self) -> Attempts:
        return self

    def __enter__(self) -> Tree:
        while True:
            try:
                self._tree = self._server.take()
            except Broken as error:
                self._wait(error)
            else:
                return self._tree

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._server.give_back(self._tree, broken=isinstance(error, Broken))
        if not isinstance(error, Broken):
            return False
        self._wait(error)
        self.again = True
        return True

    def _wait(self, error: Broken) -> None:
        where = f"{self._server.settings.host}:{self._server.settings.port}"
        seconds = next(self._waits, None)
        if seconds is None and isinstance(error, Unreachable):
            raise ProcessError(f"{error}; every retry failed as well", "Unreachable") from error
        if seconds is None:
            raise DocumentError(
                f"the session with {where} broke ({error}); every retry failed as well", "ConnectionLost"
            ) from error
        logging.getLogger(__name__).warning("%s: %s; trying again in %g s", where, error, seconds)
        self._server.runtime.wait(seconds)
