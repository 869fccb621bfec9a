"""Any number of rows passes through in bounded memory, both ways."""

from pathlib import Path

import pytest

from connector_sdk import Document, Payload, Request
from connectors.database import CONNECTOR

ROWS = 200_000
DOCUMENTS = 20_000
LIMIT = 24 << 20
"""Bytes that may be held; the rows are some 40 MB."""


@pytest.fixture
def large(place):
    """A table of many rows, and an empty one like it."""
    place.execute("CREATE TABLE source (id integer PRIMARY KEY, filler varchar(200))")
    place.execute("CREATE TABLE target (id integer PRIMARY KEY, filler varchar(200))")
    fill = "'x' || hex(zeroblob(90))" if place.kind == "sqlite" else "'x' || repeat('00', 90)"
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i, {fill} FROM n"
    )
    place.execute(f"INSERT INTO source {numbers}")
    return place


@pytest.fixture
def grown(large, made):
    """By how many bytes this process has grown at most since the test began."""
    made(large, "query", sql="SELECT 1 AS n")  # what is imported is not what is held
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    return lambda: resident("VmHWM") - before


def resident(name):
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(name))
    return int(line.split()[1]) << 10


def test_a_table_goes_through_one_document(large, made, grown):
    (whole,) = made(large, "query", sql="SELECT id, filler FROM source", batch="all", format="lines")
    assert whole.tracked["database.row_count"] == str(ROWS)
    assert whole.payload.size > 1.5 * LIMIT
    (told,) = made(large, "insert", whole, table="target")
    assert told.tracked["database.row_count"] == str(ROWS)
    assert grown() < LIMIT
    assert large.execute("SELECT count(*), sum(id) FROM target") == [(ROWS, ROWS * (ROWS + 1) // 2)]


def test_rows_travel_as_documents_without_being_held(large, within, grown):
    connection = CONNECTOR.connection.load(large.settings)
    query = CONNECTOR.actions["query"].load(
        {"sql": "SELECT id, filler FROM source WHERE id <= :n", "types": {"n": "integer"}}
    )
    upsert = CONNECTOR.actions["upsert"].load({"table": "target"})
    client = connection.open(within)
    first = Request(Document(Payload(b"")), "database", within, {"n": str(DOCUMENTS)}, frozenset(query.sets))

    def found():
        for number in range(1, DOCUMENTS + 1):
            yield Document(Payload(b'{"id": %d, "filler": "%s"}' % (number, b"x" * 180)))

    assert sum(1 for _ in query.execute(client, first)) == DOCUMENTS
    requests = (Request(each, "database", within, {}, frozenset(upsert.sets)) for each in found())
    assert all(result.error is None for result in upsert.execute_batch(client, requests))
    connection.close(client)
    assert grown() < LIMIT
    assert large.execute("SELECT count(*) FROM target") == [(DOCUMENTS,)]
