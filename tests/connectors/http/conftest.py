"""A server on loopback that answers as a test tells it to, and the connector run against it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from connector_sdk.testing import run
from connectors.http import CONNECTOR

LARGE = bytes(64 << 20)


@dataclass(frozen=True)
class Reply:
    """One answer; Content-Length is added to its headers unless it is `chunked`, or not `framed` by us at all."""

    status: int = 200
    body: bytes = b""
    headers: tuple = ()
    chunked: bool = False
    framed: bool = True


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    headers: object
    body: bytes

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return self.target.partition("?")[2]


class Handler(BaseHTTPRequestHandler):
    """Notes each request and gives the reply that the test has for its path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        asked = Asked(self.command, self.path, self.headers, self.body())
        self.server.asked.append(asked)
        reply = self.server.reply(asked)
        self.send_response(reply.status)
        names = {name.lower() for name, _ in reply.headers}
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.framed and "content-length" not in names:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.send_body(reply)

    do_CONNECT = do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def body(self):
        """The beginning of the body, as long as the server keeps it; the rest is read and forgotten."""
        left, kept = int(self.headers.get("Content-Length") or 0), bytearray()
        while left and (piece := self.rfile.read(min(left, 1 << 16))):
            left -= len(piece)
            kept += piece[: max(0, self.server.keeps - len(kept))]
        return bytes(kept)

    def send_body(self, reply):
        if not reply.chunked:
            self.wfile.write(reply.body)
            return
        for at in range(0, len(reply.body), 5):
            piece = reply.body[at : at + 5]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    """Replies by path, in turn, the last one from then on; a function gets the request."""

    daemon_threads = True
    keeps = 1 << 30

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.replies = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def on(self, path, *replies):
        self.replies[path] = list(replies)

    def reply(self, asked):
        replies = self.replies.get(asked.path)
        if not replies:
            return Reply(404, b"nothing here", (("Content-Type", "text/plain"),))
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply(asked) if callable(reply) else reply

    def handle_error(self, request, client_address):
        pass  # a client that left is part of some tests


class RecordingRuntime(LocalRuntime):
    """Notes how long it was asked to wait, and does not."""

    def __init__(self, folder):
        super().__init__(folder)
        self.waits = []

    def wait(self, seconds):
        self.check()
        self.waits.append(seconds)


@dataclass
class Api:
    """The connector with a server of the test's own."""

    server: Server
    runtime: RecordingRuntime
    url: str
    settings: dict = field(default_factory=dict)

    @property
    def asked(self):
        return self.server.asked

    def on(self, path, *replies):
        self.server.on(path, *replies)

    def through(self, url, **settings):
        """The same server, reached through another address or with other settings."""
        return Api(self.server, self.runtime, url or self.url, {**self.settings, **settings})

    def run(self, action, *documents, parameters=None, **options):
        """The results of an operation for these documents, an empty one without any."""
        connection = {"url": self.url, **self.settings}
        operation = {"action": action, **options}
        return run(CONNECTOR, connection, operation, documents or (made(),), parameters, within=self.runtime)

    def all(self, action, *documents, **options):
        """The documents that come of it; the first error is raised."""
        results = self.run(action, *documents, **options)
        for result in results:
            if result.error:
                raise result.error
        return [document for result in results for document in result.documents]

    def one(self, action, *documents, **options):
        """The one document that comes of it."""
        (document,) = self.all(action, *documents, **options)
        return document

    def error(self, action, *documents, **options):
        """The error of the one document."""
        (result,) = self.run(action, *documents, **options)
        assert result.error is not None, result.documents
        return result.error


def made(content=b"", properties=None, **tracked):
    """A document, its tracked properties given without their prefix."""
    payload = content if isinstance(content, Payload) else Payload(content)
    return Document(payload, properties or {}, {f"http.{name}": value for name, value in tracked.items()})


def start(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    return thread


@pytest.fixture
def new_server():
    """Starts servers and stops them."""
    started = []

    def make():
        server = Server()
        started.append((server, start(server)))
        return server

    yield make
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(new_server):
    return new_server()


@pytest.fixture
def runtime(tmp_path):
    folder = tmp_path / "payloads"
    folder.mkdir()
    return RecordingRuntime(folder)


@pytest.fixture
def api(server, runtime):
    return Api(server, runtime, server.url)


@pytest.fixture
def reply():
    return Reply


@pytest.fixture
def free_port():
    """A port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def document():
    return made


@pytest.fixture
def served():
    """Settings that lead to a server of its own: items, pages of them, and something large."""

    @contextmanager
    def settings():
        server = Server()
        server.reply, server.keeps = conforming, 100
        thread = start(server)
        try:
            yield {"url": server.url, "retry": {"waits": []}, "authentication": "bearer", "token": "tok-en-of-a-test"}
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return settings


def conforming(asked):
    """What the server of `served` answers."""
    facts = (("Content-Type", "text/plain"), ("ETag", '"1"'), ("Last-Modified", "Wed, 01 Apr 2026 12:00:00 GMT"))
    if asked.path == "/missing":
        return Reply(404)
    if asked.path == "/large":
        return Reply(200, LARGE, facts)
    if asked.path == "/pages":
        link = (("Link", '<pages?page=2>; rel="next"'),) if not asked.query else ()
        return Reply(200, b"[1, 2]" if link else b"[3]", (*facts, *link))
    return Reply(200, asked.body or asked.path.encode(), facts)
