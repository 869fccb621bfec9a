"""Real databases: a SQLite file, or a database of its own in a PostgreSQL server."""

import itertools
import json
import sqlite3
from contextlib import closing
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
