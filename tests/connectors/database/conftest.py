"""Real databases: a SQLite file, or a database of its own in a PostgreSQL server."""

import itertools
import json
import socket
import sqlite3
import threading
from contextlib import closing, suppress
from dataclasses import dataclass

import psycopg
import pytest

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.testing import run, runtime
from connectors.database import CONNECTOR

NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A database: its kind, its settings in a connection, and a way to it that is not ours."""

    kind: str
    url: str

    @property
    def settings(self):
        return {"url": self.url}

    def connect(self):
        if self.kind == "sqlite":
            return sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        return psycopg.connect(self.url, autocommit=True)

    def execute(self, statement, *values):
        """The rows that a statement gives, in a connection of its own; values stand in it as ?."""
        with closing(self.connect()) as connection:
            written = statement if self.kind == "sqlite" else statement.replace("?", "%s")
            cursor = connection.execute(written, values or None) if values else connection.execute(written)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


@pytest.fixture
def sqlite(tmp_path):
    """An empty SQLite file."""
    path = tmp_path / "data.sqlite"
    path.touch()
    return Place("sqlite", f"sqlite:///{path}")


@pytest.fixture
def postgresql(postgres):
    """An empty database in the PostgreSQL server."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield Place("postgresql", postgres.rpartition("/")[0] + f"/{name}")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request):
    """A database of each kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def within():
    with runtime() as each:
        yield each


@pytest.fixture
def document():
    """A document from bytes, a text, or what JSON can write, and properties."""

    def make(content="", **properties):
        if not isinstance(content, (bytes, str)):
            content = json.dumps(content)
        return Document(Payload(content if isinstance(content, bytes) else content.encode()), properties)

    return make


@pytest.fixture
def serve(within, document):
    """Run an action on documents (one empty document without any) and give the results."""

    def run_action(place, action, *contents, parameters=None, connection=None, **settings):
        given = [each if isinstance(each, Document) else document(each) for each in contents] or [document()]
        merged = {**place.settings, "retry": {"waits": []}, **(connection or {})}
        return run(CONNECTOR, merged, {"action": action, **settings}, given, parameters, within=within)

    return run_action


@pytest.fixture
def made(serve):
    """The documents that an action gives; its first error is raised."""

    def outcome(*arguments, **settings):
        results = serve(*arguments, **settings)
        for result in results:
            if result.error:
                raise result.error
        return [each for result in results for each in result.documents]

    return outcome


@pytest.fixture
def told(serve):
    """The code and the text of the error that an action on one document ends with."""

    def outcome(*arguments, **settings):
        (result,) = serve(*arguments, **settings)
        assert isinstance(result.error, DocumentError), f"no error but {result.documents}"
        return result.error.code, str(result.error)

    return outcome


@pytest.fixture
def contents():
    """What documents hold, read as JSON."""
    return lambda documents: [json.loads(each.payload.read()) for each in documents]


class Cutting:
    """A way to a server that is cut at the first piece from the client that holds `word`; the server still gets it.

    `cuts` says how often; `port` is where it listens.
    """

    def __init__(self, host, port, word, cuts=1):
        self._target = (host, port)
        self._word = word
        self.cuts = cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._threads:
            each.join()

    def _serve(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                for work in (self._up, self._down):
                    self._threads.append(threading.Thread(target=work, args=(client, server)))
                    self._threads[-1].start()

    def _up(self, client, server):
        with suppress(OSError):
            while data := client.recv(1 << 16):
                if self._word in data and self.cuts:
                    self.cuts -= 1
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(data)
                    break
                server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _down(self, client, server):
        with suppress(OSError):
            while data := server.recv(1 << 16):
                with suppress(OSError):
                    client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()
        server.close()


@pytest.fixture
def cutting(postgresql):
    """Ways to the PostgreSQL server that are cut where a test says."""
    ways = []

    def cut(word, cuts=1):
        host, _, port = postgresql.url.partition("@")[2].partition("/")[0].partition(":")
        ways.append(Cutting(host, int(port), word, cuts))
        return {"url": postgresql.url.replace(f":{port}/", f":{ways[-1].port}/")}

    yield cut
    for each in ways:
        each.close()
