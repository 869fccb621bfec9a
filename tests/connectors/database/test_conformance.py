"""The database connector keeps the contract of the SDK."""

import json
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.database import CONNECTOR

READ = ("row_count", "batch", "columns")
CHANGED = ("table", "row_count")
STOCK = {"table": "stock"}


@contextmanager
def stock():
    """A SQLite file with a table of thirty articles."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "stock.sqlite")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE stock (id integer PRIMARY KEY, name text NOT NULL)")
            connection.executemany("INSERT INTO stock VALUES (?, ?)", ((n, f"article {n}") for n in range(1, 31)))
        yield {"url": f"sqlite:///{path}"}


def there(number):
    return json.dumps({"id": number, "name": f"changed {number}"})


def new(number):
    return json.dumps({"id": 1000 + number, "name": f"new {number}"})


NO_NAME = '{"id": 77}'

TestDatabase = conformance(
    CONNECTOR,
    connection=stock,
    cases=[
        Case("query", {"sql": "SELECT id, name FROM stock ORDER BY id LIMIT 9"}, tracks=READ),
        Case("query", {"sql": "SELECT name FROM stock", "batch": "all", "format": "csv"}, tracks=READ, label="all"),
        Case(
            "query",
            {"sql": "SELECT name FROM stock WHERE id = :id", "values": "document", "if_empty": "fail"},
            good=there,
            bad='{"id": 77}',
            tracks=READ,
            names={"id": ""},
            label="by the document",
        ),
        Case("insert", STOCK, good=new, bad=NO_NAME, tracks=CHANGED),
        Case("upsert", STOCK, good=there, bad=NO_NAME, tracks=CHANGED),
        Case("update", STOCK, good=there, bad='{"id": 77, "name": "nobody"}', tracks=CHANGED),
        Case("delete", {**STOCK, "if_missing": "fail"}, good=there, bad=NO_NAME, tracks=CHANGED),
        Case(
            "statement",
            {"sql": "UPDATE stock SET name = :name WHERE id = :id RETURNING id", "values": "document"},
            good=there,
            bad=Sample("no json"),
            tracks=("row_count",),
        ),
    ],
    wrong_settings=[
        Wrong({"kind": "db2", "database": "x"}, at="kind"),
        Wrong({"pool_size": 0}, at="pool_size"),
        Wrong({"retry": {"waits": [-1]}}, at="retry.waits"),
        Wrong({"sql": ""}, at="sql", action="query"),
        Wrong({"sql": "SELECT 1", "batch": 0}, at="batch", action="query"),
        Wrong({"sql": "SELECT 1", "types": {"a": "number"}}, at="types.a", action="statement"),
        Wrong({"table": ""}, at="table", action="insert"),
        Wrong({"table": "a", "transaction": "all"}, at="transaction", action="update"),
    ],
    unreachable={
        "url": "postgresql://somebody:hidden-word@127.0.0.1:9/nowhere",
        "retry": {"waits": []},
        "connect_timeout": 2,
    },
)
