"""A server that says byte for byte what a test wants, and both clients: botocore's and the direct one before it."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest

from connectors.s3 import S3
from connectors.s3.service.transport import Transport
from connectors.s3.service.vendor import Library


class Script:
    """Answers each request with the next of `answers`, bytes as they are; after the last of a list it hangs up.

    `heard` has the requests, `connections` counts those who came; `hung_up` is released after each.
    """

    def __init__(self, *connections):
        self.heard = []
        self.connections = 0
        self.hung_up = threading.Semaphore(0)
        self._script = list(connections)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._server.getsockname()[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._server.close()
        self._thread.join(30)

    def _serve(self):
        for answers in self._script:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            with closing(peer), peer.makefile("rb") as stream:
                for answer in answers:
                    if not self._hear(stream):
                        break
                    peer.sendall(answer)
            self.hung_up.release()

    def _hear(self, stream):
        lines = []
        while (line := stream.readline().rstrip(b"\r\n")) or not lines:
            if not line:
                return False
            lines.append(line.decode("latin-1"))
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines[1:])}
        self.heard.append((lines[0], headers, stream.read(int(headers.get("content-length", 0)))))
        return True


@pytest.fixture
def script():
    """Starts scripted servers and closes them."""
    started = []

    def start(*connections):
        started.append(Script(*connections))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def clients():
    """Opens both clients for a URL: botocore's and the direct one."""
    opened = []

    def open_(url, checksums=True, **settings):
        given = {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": url, "read_timeout": 30, **settings}
        connection = S3.connection.load(given)
        exact = Library(connection).client("eu-west-1", checksums, "path")
        transport = Transport(connection)
        opened.extend([exact, transport])
        return exact, transport.api("eu-west-1", checksums, "path")

    yield open_
    for each in opened:
        each.close()
