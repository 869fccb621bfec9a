import json
import sqlite3

import pytest

ORDERS = "CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(20) NOT NULL, total numeric(12, 2))"
HOSTILE = 'or"ders; DROP TABLE x; -- :a %s %(b)s é'


@pytest.fixture
def orders(place):
    place.execute(ORDERS)
    return place


def test_documents_become_rows(orders, made):
    told = made(
        orders,
        "insert",
        {"id": 1, "customer": "Acme", "total": 12.5},
        '[{"id": 2, "customer": "日本 🍣", "total": null}, {"id": 3, "customer": "O\'Hara"}]',
        '{"id": 4, "customer": "a"}\n{"id": 5, "customer": "b"}\n',
        table="orders",
    )
    rows = orders.execute("SELECT id, customer, total FROM orders ORDER BY id")
    assert rows == [(1, "Acme", 12.5), (2, "日本 🍣", None), (3, "O'Hara", None), (4, "a", None), (5, "b", None)]
    assert [each.tracked["database.row_count"] for each in told] == ["1", "2", "2"]
    assert json.loads(told[1].payload.read()) == {"table": "orders", "row_count": 2}


def test_csv_becomes_rows_and_an_empty_field_is_null(orders, made):
    made(orders, "insert", 'id;customer;total\n1;Acme;1.5\n2;"a;\nb";\n', table="orders", format="csv", delimiter=";")
    assert orders.execute("SELECT * FROM orders ORDER BY id") == [(1, "Acme", 1.5), (2, "a;\nb", None)]


def test_another_field_of_csv_can_stand_for_null(orders, made):
    made(orders, "insert", "id,customer,total\n1,,\\N\n", table="orders", format="csv", null="\\N")
    assert orders.execute("SELECT customer, total FROM orders") == [("", None)]


@pytest.mark.parametrize("transaction", ["document", "batch"])
def test_bad_documents_fail_alone(orders, serve, transaction):
    contents = [{"id": number, "customer": f"c{number}"} for number in range(1, 41)]
    contents[7] = {"id": 7, "customer": "twice"}
    contents[20] = {"id": 21, "customer": None}
    contents[33] = "no json"
    results = serve(orders, "insert", *contents, table="orders", transaction=transaction, batch=15)
    failed = {number: each.error.code for number, each in enumerate(results) if each.error}
    assert failed == {7: "23505", 20: "MissingColumn", 33: "InvalidJson"}
    assert orders.execute("SELECT count(*) FROM orders") == [(37,)]


def test_a_document_is_added_whole_or_not_at_all(orders, serve):
    twice = [{"id": 1, "customer": "a"}, {"id": 1, "customer": "b"}]
    results = serve(orders, "insert", twice, {"id": 2, "customer": "c"}, table="orders")
    assert [each.error is None for each in results] == [False, True]
    assert orders.execute("SELECT id FROM orders") == [(2,)]


def test_all_documents_of_a_step_or_none(orders, serve):
    contents = [{"id": 1, "customer": "a"}, {"id": 1, "customer": "b"}, {"id": 3, "customer": "c"}]
    results = serve(orders, "insert", *contents, table="orders", transaction="step")
    assert [each.error.code for each in results] == ["RolledBack", "23505", "RolledBack"]
    assert orders.execute("SELECT count(*) FROM orders") == [(0,)]
    results = serve(orders, "insert", contents[0], contents[2], table="orders", transaction="step")
    assert [each.error for each in results] == [None, None]
    assert orders.execute("SELECT count(*) FROM orders") == [(2,)]


def test_an_unknown_column_is_named_with_the_one_that_was_meant(orders, told, made):
    code, text = told(orders, "insert", {"id": 1, "custmer": "a"}, table="orders")
    assert code == "UnknownColumn"
    assert text == "row 1: table 'orders' has no column 'custmer'; did you mean 'customer'?"
    made(orders, "insert", {"id": 1, "customer": "a", "else": 2}, table="orders", unknown_columns="ignore")


def test_a_missing_column_is_named_with_its_row(orders, told):
    code, text = told(orders, "insert", [{"id": 1, "customer": "a"}, {"id": 2}], table="orders")
    assert (code, text) == (
        "MissingColumn",
        "row 2 has no value for the column 'customer', which table 'orders' needs",
    )


def test_generated_keys_come_back_in_the_order_of_the_rows(place, made):
    kind = "INTEGER PRIMARY KEY" if place.kind == "sqlite" else "serial PRIMARY KEY"
    place.execute(f"CREATE TABLE people (id {kind}, name varchar(9))")
    (given,) = made(place, "insert", [{"name": "a"}, {"name": "b"}], table="people", returning=["id", "name"])
    assert json.loads(given.payload.read())["returned"] == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


def test_any_name_and_any_text_is_safe(place, made, contents):
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    place.execute(f"CREATE TABLE {quoted} ({quoted} varchar(200), plain integer)")
    texts = ["'); DROP TABLE x; --", '"', "\\", ":plain", "%s %(plain)s %%", "\t\r\n", "😀", "\u202e"]
    made(place, "insert", *({HOSTILE: text} for text in texts), table=HOSTILE)
    assert [row[0] for row in place.execute(f"SELECT {quoted} FROM {quoted}")] == texts
    found = made(place, "query", sql=f"SELECT {quoted.replace(':a', ':a')} AS x FROM {quoted}")
    assert [each["x"] for each in contents(found)] == texts


def test_a_nul_character_fails_its_document_where_the_database_has_none(postgresql, sqlite, serve):
    for place in (sqlite, postgresql):
        place.execute("CREATE TABLE notes (text varchar(20))")
        results = serve(place, "insert", {"text": "a\0b"}, {"text": "c"}, table="notes")
        kept = [each[0] for each in place.execute("SELECT text FROM notes")]
        if place is sqlite:
            assert kept == ["a\0b", "c"]
        else:
            assert kept == ["c"]
            assert results[0].error.code == "22000"


def test_half_a_character_fails_its_document(orders, serve):
    results = serve(orders, "insert", '{"id": 1, "customer": "\\ud800"}', {"id": 2, "customer": "b"}, table="orders")
    assert [each.error is None for each in results] == [False, True]
    assert orders.execute("SELECT id FROM orders") == [(2,)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "NoRows"),
        ("[1]", "InvalidRow"),
        ("{}", "EmptyRow"),
        ('[{"id": 1, "customer": "a"}', "InvalidJson"),
        (b"\xff", "InvalidJson"),
    ],
)
def test_a_document_that_holds_no_rows_says_so(orders, told, content, code):
    assert told(orders, "insert", content, table="orders", unknown_columns="ignore")[0] in (code, "MissingColumn")
    assert orders.execute("SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize(
    "content", ["", "id,id\n1,2\n", "id,customer\n1\n", 'id,customer\n1,"a\n', b"id,customer\n1,\xff\n"]
)
def test_csv_that_is_none_says_where(orders, told, content):
    assert told(orders, "insert", content, table="orders", format="csv")[0] == "InvalidCsv"
    assert orders.execute("SELECT count(*) FROM orders") == [(0,)]


def test_a_table_that_is_not_there_fails_each_document_and_names_the_nearest(orders, serve):
    results = serve(orders, "insert", {"id": 1}, {"id": 2}, table="order")
    assert [each.error.code for each in results] == ["42P01", "42P01"]
    assert "there is no such table; did you mean 'orders'?" in str(results[0].error)


def test_a_table_of_another_schema_is_named_with_it(postgresql, made):
    postgresql.execute("CREATE SCHEMA sales")
    postgresql.execute("CREATE TABLE sales.orders (id integer)")
    made(postgresql, "insert", {"id": 1}, table="sales.orders")
    made(postgresql, "insert", {"id": 2}, table="orders", connection={"schema": "sales"})
    assert postgresql.execute("SELECT id FROM sales.orders ORDER BY id") == [(1,), (2,)]


def test_values_arrive_as_what_their_columns_are(postgresql, made):
    postgresql.execute(
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE kinds (n numeric, i bigint, b boolean, d date, "
        "ts timestamptz, raw bytea, j jsonb, tags text[], grid integer[], u uuid, m mood, t text, span interval)"
    )
    made(
        postgresql,
        "insert",
        '{"n": 12345678901234567890.10, "i": 5.0, "b": true, "d": "2026-02-28", "ts": "2026-02-28T12:00:00+02:00",'
        ' "raw": "AP8=", "j": {"a": [1.10, null]}, "tags": ["a\\"b\\\\", null, "{}"], "grid": [[1, 2], [3, 4]],'
        ' "u": "6f1c3a50-0000-4000-8000-000000000001", "m": "good", "t": 12.50, "span": "1 mon 2 days"}',
        table="kinds",
    )
    assert postgresql.execute(
        "SELECT n::text, i, b, d::text, (ts AT TIME ZONE 'UTC')::text, raw, j::text, tags, grid, u::text, m::text, t, "
        "span::text FROM kinds"
    ) == [
        (
            "12345678901234567890.10",
            5,
            True,
            "2026-02-28",
            "2026-02-28 10:00:00",
            b"\0\xff",
            '{"a": [1.10, null]}',
            ['a"b\\', None, "{}"],
            [[1, 2], [3, 4]],
            "6f1c3a50-0000-4000-8000-000000000001",
            "good",
            "12.50",
            "1 mon 2 days",
        )
    ]


def test_values_arrive_in_sqlite_too(sqlite, made):
    sqlite.execute("CREATE TABLE kinds (n NUMERIC, i INTEGER, b BOOLEAN, raw BLOB, j JSON, t TEXT, big INTEGER)")
    content = (
        '{"n": 12.5, "i": "7", "b": true, "raw": "AP8=", "j": {"a": [1.10]}, "t": 12.50, "big": 9223372036854775808}'
    )
    made(sqlite, "insert", content, table="kinds")
    rows = sqlite.execute("SELECT n, i, b, raw, j, t FROM kinds")
    assert rows == [(12.5, 7, 1, b"\0\xff", '{"a": [1.10]}', "12.50")]


def test_a_value_that_is_wrong_is_not_quoted_in_the_message(place, told):
    place.execute(
        "CREATE TABLE strict (day date, secret varchar(99) UNIQUE, CONSTRAINT plain CHECK (length(secret) > 15))"
    )
    code, text = told(place, "insert", {"secret": "my-secret-word"}, table="strict")
    assert code == "23514"
    assert "my-secret-word" not in text
    place.execute("INSERT INTO strict (secret) VALUES ('another-secret-word')")
    code, text = told(place, "insert", {"secret": "another-secret-word"}, table="strict")
    assert code == "23505"
    assert "another-secret-word" not in text


def test_a_wrong_date_is_told_without_its_text(postgresql, told):
    postgresql.execute("CREATE TABLE days (day date)")
    code, text = told(postgresql, "insert", {"day": "the secret day"}, table="days")
    assert (code, text) == ("22007", "insert of table 'days' failed: 22007: invalid input syntax for type date")


def test_a_constraint_that_is_checked_at_the_commit_fails_only_its_document(postgresql, serve):
    postgresql.execute("CREATE TABLE parents (id integer PRIMARY KEY)")
    postgresql.execute(
        "CREATE TABLE children (id integer, parent integer REFERENCES parents DEFERRABLE INITIALLY DEFERRED)"
    )
    postgresql.execute("INSERT INTO parents VALUES (1)")
    contents = [{"id": number, "parent": 1 if number != 5 else 2} for number in range(1, 9)]
    results = serve(postgresql, "insert", *contents, table="children")
    assert [each.error and each.error.code for each in results] == [None] * 4 + ["23503"] + [None] * 3
    assert postgresql.execute("SELECT count(*) FROM children") == [(7,)]


def test_a_connection_that_only_reads_refuses_before_anything_is_sent(orders, made):
    from connector_sdk import ProcessError

    with pytest.raises(ProcessError, match="the connection is read_only"):
        made(orders, "insert", {"id": 1, "customer": "a"}, table="orders", connection={"read_only": True})
    assert orders.execute("SELECT count(*) FROM orders") == [(0,)]


def test_a_file_that_stays_in_use_fails_the_document_after_the_time_for_locks(sqlite, told):
    sqlite.execute(ORDERS)
    other = sqlite3.connect(sqlite.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, text = told(sqlite, "insert", {"id": 1, "customer": "a"}, table="orders", connection={"lock_timeout": 0.3})
    other.close()
    assert code == "SQLITE_BUSY"
    assert "database is locked" in text


def test_a_type_that_nobody_knows_gets_texts(postgresql, made):
    postgresql.execute("CREATE TYPE pair AS (a integer, b text)")
    postgresql.execute("CREATE DOMAIN small AS integer CHECK (value < 10)")
    postgresql.execute("CREATE TABLE kinds (p pair, s small)")
    made(postgresql, "insert", {"p": "(1,x)", "s": 3}, table="kinds")
    assert postgresql.execute("SELECT p::text, s FROM kinds") == [("(1,x)", 3)]


@pytest.mark.parametrize("number", ["1e999999999", "1e400", "9" * 4000, "9" * 5000, "NaN"])
def test_a_number_that_no_column_holds_fails_its_document_alone(orders, serve, number):
    content = f'{{"id": {number}, "customer": "a"}}'
    results = serve(orders, "insert", content, {"id": 2, "customer": "b"}, table="orders")
    assert [each.error is None for each in results] == [False, True]


def test_a_file_in_use_is_waited_for(sqlite, made):
    sqlite.execute(ORDERS)
    other = sqlite3.connect(sqlite.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    import threading

    release = threading.Timer(0.5, other.commit)
    release.start()
    made(sqlite, "insert", {"id": 1, "customer": "a"}, table="orders")
    release.join()
    other.close()
    assert sqlite.execute("SELECT count(*) FROM orders") == [(1,)]
