import json
import threading

import pytest

from connector_sdk import Document, Payload


@pytest.fixture
def stock(place):
    place.execute("CREATE TABLE stock (article varchar(20) PRIMARY KEY, count integer, note varchar(20))")
    place.execute("INSERT INTO stock VALUES ('tea', 1, 'old')")
    return place


def rows(place):
    return place.execute("SELECT article, count, note FROM stock ORDER BY article")


def test_rows_are_made_or_changed_and_what_is_not_named_stays(stock, made):
    made(stock, "upsert", {"article": "tea", "count": 5}, {"article": "milk", "count": 2}, table="stock")
    assert rows(stock) == [("milk", 2, None), ("tea", 5, "old")]


def test_done_again_it_leaves_the_same_behind(stock, made):
    contents = [[{"article": f"a{number}", "count": number} for number in range(50)], {"article": "tea", "count": 9}]
    made(stock, "upsert", *contents, table="stock")
    before = rows(stock)
    made(stock, "upsert", *contents, table="stock")
    assert rows(stock) == before
    assert len(before) == 51


def test_the_last_of_several_rows_with_one_key_wins(stock, made):
    made(stock, "upsert", [{"article": "tea", "count": each} for each in (3, 1, 2)], table="stock")
    assert rows(stock) == [("tea", 2, "old")]


def test_rows_that_are_there_can_be_left(stock, made):
    told = made(
        stock,
        "upsert",
        [{"article": "tea", "count": 5}, {"article": "milk", "count": 2}],
        {"article": "tea", "count": 6},
        table="stock",
        on_conflict="ignore",
    )
    assert rows(stock) == [("milk", 2, None), ("tea", 1, "old")]
    assert [each.tracked["database.row_count"] for each in told] == ["1", "0"]


def test_rows_that_are_there_can_fail_their_document(stock, serve):
    contents = [{"article": "tea"}, {"article": "milk"}]
    results = serve(stock, "upsert", *contents, table="stock", on_conflict="fail")
    assert [each.error and each.error.code for each in results] == ["23505", None]


def test_rows_of_keys_alone_are_made_once(stock, made):
    made(stock, "upsert", {"article": "milk"}, {"article": "milk"}, {"article": "tea"}, table="stock")
    assert rows(stock) == [("milk", None, None), ("tea", 1, "old")]


def test_other_unique_columns_can_be_the_keys(place, made, told):
    place.execute("CREATE TABLE people (id integer, mail varchar(20) UNIQUE, name varchar(20))")
    made(place, "upsert", {"mail": "a@b", "name": "x"}, {"mail": "a@b", "name": "y"}, table="people", keys=["mail"])
    assert place.execute("SELECT mail, name FROM people") == [("a@b", "y")]
    assert told(place, "upsert", {"id": 1, "name": "x"}, table="people")[0] == "NoKeys"
    code, text = told(place, "upsert", {"id": 1, "name": "x"}, table="people", keys=["id"])
    assert code == "42P10"
    assert "an upsert needs a primary key or unique index over exactly its keys" in text


def test_a_row_without_its_key_is_told(stock, told):
    assert told(stock, "upsert", {"article": None, "count": 1}, table="stock")[0] == "MissingKey"


def test_generated_columns_come_back(stock, made):
    contents = [{"article": "tea", "count": 7}, {"article": "milk", "count": 1}]
    told = made(stock, "upsert", *contents, table="stock", returning=["article", "note"])
    given = [json.loads(each.payload.read())["returned"] for each in told]
    assert given == [[{"article": "tea", "note": "old"}], [{"article": "milk", "note": None}]]


def test_two_runs_at_once_on_the_same_keys_both_get_through(stock, serve):
    """In opposite orders, so that on PostgreSQL they meet in deadlocks, which are retried."""
    stock.execute("DELETE FROM stock")
    articles = [f"a{number}" for number in range(40)]
    failures = []

    def upsert(mine, order):
        contents = [Document(Payload(json.dumps({"article": each, "count": mine}).encode())) for each in order]
        patience = {"retry": {"waits": [0, 0.1, 0.2, 0.5, 1, 2]}}
        for _ in range(5):
            results = serve(stock, "upsert", *contents, table="stock", connection=patience)
            failures.extend(each.error for each in results if each.error)

    threads = [threading.Thread(target=upsert, args=each) for each in ((1, articles), (2, articles[::-1]))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    found = rows(stock)
    assert len(found) == 40
    assert len({count for _, count, _ in found}) == 1  # one batch is whole over the other
