"""The database connector keeps the contract of the SDK."""

import json
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.database import CONNECTOR

ORDERS = {"table": "orders"}
ROWS = 13
"""More than any rule serves."""


@contextmanager
def database():
    """A SQLite file with orders 1 to 13."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/data.sqlite"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL)")
            connection.executemany("INSERT INTO orders VALUES (?, 'Ada')", [(number,) for number in range(1, ROWS + 1)])
        yield {"url": f"sqlite:///{path}", "pool_size": 4}


def row(first):
    return lambda number: json.dumps({"id": first + number, "customer": "Grace"})


def found(number):
    return Sample(inputs={"id": str(number), "customer": "Grace"})


NO_ROW = "no json"
NO_NUMBER = Sample(inputs={"customer": "Grace"})
TYPES = {"types": {"id": "integer"}}
TAKEN = {"sql": "UPDATE orders SET customer = :customer WHERE id = :id", **TYPES}

TestDatabase = conformance(
    CONNECTOR,
    connection=database,
    schema=Path(__file__).with_name("connector.schema.json"),
    cases=[
        Case("query", {"sql": "SELECT * FROM orders WHERE id = :id", **TYPES}, good=found, bad=NO_NUMBER),
        Case("query", {"sql": "SELECT * FROM orders ORDER BY id"}, label="all rows"),
        Case("insert", ORDERS, good=row(100), bad=NO_ROW, tracks=("table", "row_count")),
        Case("upsert", ORDERS, good=row(0), bad=NO_ROW, tracks=("table", "row_count")),
        Case("update", ORDERS, good=row(0), bad=NO_ROW, tracks=("table", "row_count")),
        Case("delete", ORDERS, good=row(0), bad=NO_ROW),
        Case("statement", TAKEN, good=found, bad=NO_NUMBER, tracks=("row_count",)),
    ],
    wrong_settings=[
        Wrong({"pool_size": 0}, at="pool_size"),
        Wrong({"table": None}, at="table", action="insert"),
        Wrong({"format": "xml"}, at="format", action="query"),
    ],
    unreachable={"url": "sqlite:////no/such/folder/data.sqlite", "retry": {"waits": []}},
)
