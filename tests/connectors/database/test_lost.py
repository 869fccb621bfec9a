"""Connections that are lost, and runs that are ended: nothing is left half, and what cannot be known is said."""

import itertools
import json
import threading

import psycopg
import pytest

from connector_sdk import Cancelled, Document, Payload
from connector_sdk.testing import run, runtime
from connectors.database import CONNECTOR


@pytest.fixture
def numbers(postgresql):
    postgresql.execute("CREATE TABLE numbers (n integer PRIMARY KEY)")
    return postgresql


def count(place):
    return place.execute("SELECT count(*) FROM numbers")[0][0]


def test_a_reply_that_is_lost_at_the_commit_is_told_as_unknown(numbers, cutting, serve):
    patient = {**cutting(b"COMMIT"), "retry": {"waits": [0, 0]}}
    results = serve(numbers, "insert", {"n": 1}, {"n": 2}, table="numbers", connection=patient)
    assert [each.error.code for each in results] == ["OutcomeUnknown", "OutcomeUnknown"]
    assert "they may be there or not" in str(results[0].error)
    assert count(numbers) in (0, 2)


def test_an_upsert_whose_reply_is_lost_at_the_commit_is_done_again(numbers, cutting, serve):
    patient = {**cutting(b"COMMIT"), "retry": {"waits": [0, 0]}}
    results = serve(numbers, "upsert", {"n": 1}, {"n": 2}, table="numbers", connection=patient)
    assert [each.error for each in results] == [None, None]
    assert count(numbers) == 2


def test_a_connection_that_is_lost_before_the_commit_is_made_again(numbers, cutting, serve):
    patient = {**cutting(b"INSERT"), "retry": {"waits": [0, 0]}}
    results = serve(numbers, "insert", {"n": 1}, {"n": 2}, table="numbers", connection=patient)
    assert [each.error for each in results] == [None, None]
    assert count(numbers) == 2


def test_without_retries_left_documents_fail_and_nothing_was_changed(numbers, cutting, serve):
    impatient = {**cutting(b"INSERT", cuts=9), "retry": {"waits": [0, 0]}}
    results = serve(numbers, "insert", {"n": 1}, {"n": 2}, table="numbers", connection=impatient)
    assert [each.error.code for each in results] == ["ConnectionLost", "ConnectionLost"]
    assert "every retry failed as well, and nothing was changed" in str(results[0].error)
    assert count(numbers) == 0


def test_a_server_that_ends_the_connection_amid_a_query_fails_its_document(postgresql, within):
    operation = CONNECTOR.actions["query"].load(
        {"sql": "SELECT i, repeat('x', 2000) AS t FROM generate_series(1, 100000) AS i", "fetch_size": 10}
    )
    connection = CONNECTOR.connection.load({"url": postgresql.url, "retry": {"waits": [0, 0]}})
    client = connection.open(within)
    from connector_sdk import DocumentError, Request

    request = Request(Document(Payload(b"")), "database", within, {}, frozenset(operation.sets))
    documents = iter(operation.execute(client, request))
    taken = list(itertools.islice(documents, 25))
    with psycopg.connect(postgresql.url, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'FETCH%'")
    with pytest.raises(DocumentError, match=r"failed after \d+ rows: .*none of them travels on") as caught:
        list(documents)
    assert len(taken) == 25
    assert caught.value.code in ("57P01", "ConnectionLost")
    (answer,) = (operation.execute(client, Request(request.document, "database", within, {}, request.settable)),)
    assert next(iter(answer)).payload.size > 2000
    answer.close()
    connection.close(client)


def test_a_pooled_connection_that_died_meanwhile_is_replaced(postgresql, within):
    operation = CONNECTOR.actions["query"].load({"sql": "SELECT 1 AS n"})
    connection = CONNECTOR.connection.load({"url": postgresql.url, "retry": {"waits": []}})
    client = connection.open(within)
    from connector_sdk import Request

    request = Request(Document(Payload(b"")), "database", within, {}, frozenset(operation.sets))
    assert len(list(operation.execute(client, request))) == 1
    with psycopg.connect(postgresql.url, autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert len(list(operation.execute(client, request))) == 1
    connection.close(client)


@pytest.mark.parametrize("action", ["query", "statement"])
def test_a_run_that_is_ended_does_not_wait_for_the_statement(place, action):
    slow = "SELECT pg_sleep(200)"
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with runtime() as within:
        threading.Timer(0.5, within.stop).start()
        sql = slow if place.kind == "postgresql" else endless
        with pytest.raises(Cancelled):
            run(CONNECTOR, place.settings, {"action": action, "sql": sql}, [Document(Payload(b""))], within=within)


def test_a_run_that_is_ended_amid_a_large_document_leaves_nothing_of_it(place):
    place.execute("CREATE TABLE numbers (n integer PRIMARY KEY)")
    with runtime() as within:

        def rows():
            for number in range(200_000):
                yield json.dumps({"n": number, "filler": "x" * 50}).encode() + b"\n"

        large = Document(within.store(rows()))
        settings = {"action": "insert", "table": "numbers", "unknown_columns": "ignore"}
        threading.Timer(0.5, within.stop).start()
        with pytest.raises(Cancelled):
            run(CONNECTOR, place.settings, settings, [large], within=within)
    assert count(place) == 0


def test_a_deadlock_is_resolved_by_doing_it_again(postgresql, serve, caplog):
    postgresql.execute("CREATE TABLE numbers (n integer PRIMARY KEY, v integer)")
    postgresql.execute("INSERT INTO numbers VALUES (1, 0), (2, 0)")
    with psycopg.connect(postgresql.url) as other:
        other.execute("SET deadlock_timeout = '100s'")
        other.execute("UPDATE numbers SET v = 5 WHERE n = 2")
        results = []
        contents = [[{"n": 1, "v": 7}, {"n": 2, "v": 7}]]
        patient = {"retry": {"waits": [0, 0.1, 0.5, 1]}}
        ours = threading.Thread(
            target=lambda: results.extend(serve(postgresql, "update", *contents, table="numbers", connection=patient))
        )
        ours.start()
        with psycopg.connect(postgresql.url, autocommit=True) as watcher:
            blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while not watcher.execute(blocked).fetchone()[0]:
                pass
        other.execute("UPDATE numbers SET v = 6 WHERE n = 1")
        other.commit()
    ours.join()
    assert [each.error for each in results] == [None]
    assert postgresql.execute("SELECT v FROM numbers") == [(7,), (7,)]
    assert "40P01" in caplog.text


def test_serializable_transactions_that_conflict_are_done_again(postgresql, serve):
    postgresql.execute("CREATE TABLE numbers (n integer PRIMARY KEY, v integer)")
    postgresql.execute("INSERT INTO numbers VALUES (1, 0)")
    patient = {"isolation": "serializable", "retry": {"waits": [0, 0.05, 0.1, 0.2, 0.5, 1, 1, 1]}}
    sql = "UPDATE numbers SET v = v + 1 WHERE n = 1"
    failed = []

    def add():
        results = serve(postgresql, "statement", *[""] * 10, sql=sql, connection=patient)
        failed.extend(each.error for each in results if each.error)

    threads = [threading.Thread(target=add) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert postgresql.execute("SELECT v FROM numbers") == [(30,)]
