"""A real OpenSSH server on loopback, run by the user who runs the tests, and the connector against it."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.testing import run, runtime
from connectors.sftp import CONNECTOR

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/usr/local/sbin")
MISSING = "there is no OpenSSH server (sshd) here; `make integration` installs it where it can"
UNPRIVILEGED = "daemon"
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
LogLevel VERBOSE
MaxStartups 100
Subsystem sftp internal-sftp {options}
{more}
"""


def pytest_configure(config):
    config.addinivalue_line("markers", "unprivileged: the server's account heeds permissions also where root tests")


def make_key(path: Path, *options: str) -> str:
    """A new key pair in files; its public half."""
    command = ["ssh-keygen", "-q", "-N", "", "-C", "test", "-f", str(path), *options]
    subprocess.run(command, check=True, capture_output=True)
    return path.with_name(f"{path.name}.pub").read_text()


@dataclass
class Server:
    """An sshd that can be started again on its port; `options` are those of its SFTP part."""

    folder: Path
    user: str
    port: int = 0
    options: str = ""
    more: str = ""
    arguments: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def key(self):
        return (self.folder / "id").read_text()

    @property
    def host_key(self):
        return (self.folder / "host.pub").read_text()

    def start(self):
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # sshd demands it of root; its packages' units make it
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        config = self.folder / "config"
        config.write_text(CONFIG.format(port=self.port, folder=self.folder, options=self.options, more=self.more))
        with open(self.folder / "log", "a") as log:
            command = [SSHD, "-D", "-e", "-f", str(config)]
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.process = subprocess.Popen(command, **streams, start_new_session=True, **self.arguments)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except ConnectionRefusedError:
                assert self.process.poll() is None, self.log
                time.sleep(0.01)

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def stop(self):
        """End the server and all sessions."""
        if self.process is not None:
            self.end_sessions()
            self.process.kill()
            self.process.wait()
            self.process = None

    def end_sessions(self):
        """End all sessions, while the server takes new ones."""
        for child in self.sessions():
            with suppress(ProcessLookupError):  # it has ended meanwhile
                os.kill(child, signal.SIGKILL)

    def sessions(self):
        """The processes that serve connections."""
        found, pending = [], [self.process.pid]
        while pending:
            parent = pending.pop()
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
                found += children
                pending += children
        return found


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Key pairs for servers and accounts, made once."""
    if SSHD is None:
        pytest.skip(MISSING)
    folder = tmp_path_factory.mktemp("keys")
    make_key(folder / "host", "-t", "ed25519")
    (folder / "authorized").write_text(make_key(folder / "id", "-t", "ed25519"))
    return folder


@pytest.fixture
def start_server(keys, tmp_path):
    """Starts servers, each with a folder of its own for keys and log."""
    servers = []

    def start(**more):
        folder = tmp_path / f"sshd-{len(servers)}"
        shutil.copytree(keys, folder)
        servers.append(Server(folder, **{"user": getpass.getuser(), **more}).start())
        return servers[-1]

    yield start
    for each in servers:
        each.stop()


@pytest.fixture(scope="session")
def shared_server(keys, tmp_path_factory):
    """The server of tests that do not harm it."""
    folder = tmp_path_factory.mktemp("sshd")
    shutil.copytree(keys, folder, dirs_exist_ok=True)
    server = Server(folder, getpass.getuser()).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def others_server(keys, request):
    """A server of a user without privileges, who cannot ignore permissions as root can."""
    if os.geteuid():
        yield request.getfixturevalue("shared_server")
        return
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    shutil.copytree(keys, folder, dirs_exist_ok=True)
    account = pwd.getpwnam(UNPRIVILEGED)
    for each in (folder, *folder.iterdir()):
        os.chown(each, account.pw_uid, account.pw_gid)
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    server = Server(folder, UNPRIVILEGED, arguments=identity)
    yield server.start()
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def server(request):
    """The server that `settings` leads to; a test marked `unprivileged` gets one that heeds permissions."""
    unprivileged = request.node.get_closest_marker("unprivileged")
    return request.getfixturevalue("others_server" if unprivileged else "shared_server")


@pytest.fixture
def base(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    return folder


@pytest.fixture
def others_folder():
    """A folder that everybody can reach, and only its owner can write to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def within():
    with runtime() as each:
        yield each


@pytest.fixture
def settings(server, base):
    """The settings of a connection to the server, some of them changed."""

    def changed(**more):
        return {
            "host": "127.0.0.1",
            "port": server.port,
            "user": server.user,
            "private_key": server.key,
            "host_keys": [server.host_key],
            "folder": str(base),
            "retry": {"waits": [0, 0.05, 0.1]},
            **more,
        }

    return changed


@pytest.fixture
def document():
    """A document from a content and tracked properties of the connector."""

    def make(content=b"", payload=None, **tracked):
        return Document(payload or Payload(content), tracked={f"sftp.{name}": value for name, value in tracked.items()})

    return make


@pytest.fixture
def serve(settings, within, document):
    """Run an action on documents (one empty document without any) and give the results."""

    def run_action(action, *documents, id=None, connection=None, **options):
        parameters = {} if id is None else {"id": id}
        return run(
            CONNECTOR,
            settings(**(connection or {})),
            {"action": action, **options},
            documents or (document(),),
            parameters,
            within=within,
        )

    return run_action


@pytest.fixture
def made(serve):
    """The documents that an action gives; its first error is raised."""

    def outcome(*arguments, **options):
        results = serve(*arguments, **options)
        for result in results:
            if result.error:
                raise result.error
        return [each for result in results for each in result.documents]

    return outcome


@pytest.fixture
def code(serve):
    """The code of the error that an action on one document ends with, after a look at its message."""

    def outcome(*arguments, **options):
        (result,) = serve(*arguments, **options)
        assert isinstance(result.error, DocumentError), f"no error but {result.documents}"
        assert str(result.error)
        return result.error.code

    return outcome


@pytest.fixture
def client(settings, within):
    """Opens clients of the connection, closed afterwards."""
    opened = []

    def open_client(**more):
        connection = CONNECTOR.connection.load(settings(**more))
        opened.append((connection, connection.open(within)))
        return opened[-1][1]

    yield open_client
    for connection, each in opened:
        connection.close(each)


class Line:
    """Forwards connections to a server; `cuts` says after how many bytes each of the first ones breaks, and which way.

    What the client sent goes on to the server: a cut of the server's bytes is an answer that is lost.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = []
        self.cuts = []
        self.seen = []
        self.frozen = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            each.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets += [client, server]
            cut = self.cuts.pop(0) if self.cuts else {}
            self.seen.append({"up": 0, "down": 0})
            for way, source, target in (("up", client, server), ("down", server, client)):
                arguments = (way, source, target, cut.get(way), self.seen[-1])
                threading.Thread(target=self._forward, args=arguments, daemon=True).start()

    def _forward(self, way, source, target, left, seen):
        with suppress(OSError):
            while data := source.recv(65536):
                if self.frozen.is_set():
                    continue
                passed = data if left is None else data[:left]
                target.sendall(passed)
                seen[way] += len(passed)
                if left is not None and (left := left - len(passed)) == 0:
                    break
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(server):
    """A line to the server that tests can cut."""
    opened = Line(server.port)
    yield opened
    opened.close()


@pytest.fixture
def new_key(tmp_path):
    """Makes key pairs: the private one, and the public one."""

    def make(name, *options):
        public = make_key(tmp_path / name, *options)
        return (tmp_path / name).read_text(), public

    return make
