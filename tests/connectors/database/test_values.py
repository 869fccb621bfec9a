"""What values of each kind look like in documents."""

import json

import pytest

KINDS = [
    ("12345678901234567890.1200::numeric", "12345678901234567890.1200"),
    ("1e3::numeric", "1000"),
    ("'NaN'::numeric", '"NaN"'),
    ("9007199254740993::bigint", "9007199254740993"),
    ("0.1::float8", "0.1"),
    ("'infinity'::float8", '"inf"'),
    ("true", "true"),
    ("NULL::integer", "null"),
    ("'a\"b'::text", '"a\\"b"'),
    ("'2026-02-28'::date", '"2026-02-28"'),
    ("'infinity'::date", '"infinity"'),
    ("'2026-02-28 12:00:00.5'::timestamp", '"2026-02-28T12:00:00.5"'),
    ("'2026-02-28 12:00:00+02'::timestamptz", '"2026-02-28T10:00:00+00:00"'),
    ("'infinity'::timestamptz", '"infinity"'),
    ("'12:30'::time", '"12:30:00"'),
    ("'1 month 2 days'::interval", '"1 mon 2 days"'),
    ("'\\x00ff'::bytea", '"AP8="'),
    ('\'{"a": 1.10, "b": [1, null]}\'::jsonb', '{"a": 1.10, "b": [1, null]}'),
    ("'{\"a\":  1}'::json", '{"a":  1}'),
    ("ARRAY[1, NULL, 3]", "[1, null, 3]"),
    ("ARRAY[ARRAY['a'], ARRAY['\"']]", '[["a"], ["\\""]]'),
    ("ARRAY['2026-02-28 12:00'::timestamp]", '["2026-02-28T12:00:00"]'),
    ("'6f1c3a50-0000-4000-8000-000000000001'::uuid", '"6f1c3a50-0000-4000-8000-000000000001"'),
    ("'10.0.0.1/8'::inet", '"10.0.0.1/8"'),
    ("'[1,5)'::int4range", '"[1,5)"'),
    ("'{[1,2),[3,4)}'::int4multirange", '"{[1,2),[3,4)}"'),
    ("(1, 'a')", '["1", "a"]'),
    ("'a'::\"char\"", '"a"'),
    ("'(1,2)'::point", '"(1,2)"'),
]


@pytest.fixture
def utc(postgresql):
    postgresql.execute(f"ALTER DATABASE {postgresql.url.rpartition('/')[2]} SET timezone = 'UTC'")
    return postgresql


def test_values_of_postgresql_keep_all_that_they_say(utc, made):
    for expression, expected in KINDS:
        (row,) = made(utc, "query", sql=f"SELECT {expression} AS v")
        assert row.payload.read().decode() == f'{{"v": {expected}}}', expression
        json.loads(row.payload.read())


def test_values_of_sqlite_keep_all_that_they_say(sqlite, made):
    sql = "SELECT 9223372036854775807 AS i, 0.1 AS f, x'00ff' AS b, NULL AS n, 'a' || char(0) AS t"
    (row,) = made(sqlite, "query", sql=sql)
    expected = '{"i": 9223372036854775807, "f": 0.1, "b": "AP8=", "n": null, "t": "a\\u0000"}'
    assert row.payload.read().decode() == expected


def test_texts_can_be_declared_to_be_json(sqlite, made, told):
    sql = "SELECT '{\"a\": [1.10]}' AS j"
    (row,) = made(sqlite, "query", sql=sql, json_columns=["j"])
    assert row.payload.read() == b'{"j": {"a": [1.10]}}'
    assert told(sqlite, "query", sql=sql, json_columns=["k"]) == (
        "UnknownColumn",
        "the query has no column 'k'; it has 'j'",
    )


def test_csv_quotes_what_needs_it_and_leaves_null_empty(utc, made):
    sql = "SELECT 'a,\"b\nc' AS t, NULL AS n, 1.50 AS d, true AS b, ARRAY[1, 2] AS a"
    (given,) = made(utc, "query", sql=sql, format="csv", batch="all")
    assert given.payload.read().decode() == 't,n,d,b,a\n"a,""b\nc",,1.50,true,"[1, 2]"\n'


def test_columns_become_properties_where_that_is_wanted(place, made):
    sql = "SELECT 7 AS id, 'a' AS name, NULL AS gone"
    (row,) = made(place, "query", sql=sql, properties=["id", "name", "gone"])
    assert row.properties == {"id": "7", "name": "a"}


def test_what_one_database_gave_another_takes(postgresql, sqlite, made):
    columns = "id integer, name varchar(20), amount numeric(10, 2), day date, flag boolean"
    for each in (postgresql, sqlite):
        each.execute(f"CREATE TABLE goods ({columns})")
    postgresql.execute("INSERT INTO goods VALUES (1, 'Ä 😀', 12.50, '2026-02-28', true), (2, NULL, NULL, NULL, false)")
    for given, took in (("json", "json"), ("lines", "json"), ("csv", "csv")):
        sqlite.execute("DELETE FROM goods")
        (all_rows,) = made(postgresql, "query", sql="SELECT * FROM goods ORDER BY id", batch="all", format=given)
        made(sqlite, "insert", all_rows, table="goods", format=took)
        (back,) = made(sqlite, "query", sql="SELECT * FROM goods ORDER BY id", batch="all", format="csv")
        postgresql.execute("DELETE FROM goods")
        made(postgresql, "insert", all_rows, table="goods", format=took)
        assert b"12.5" in back.payload.read()
        kept = postgresql.execute("SELECT id, name, amount::text, day::text, flag FROM goods ORDER BY id")
        assert kept == [(1, "Ä 😀", "12.50", "2026-02-28", True), (2, None, None, None, False)]


def test_two_columns_of_one_name_are_an_error_and_none_is_lost(place, told):
    code, text = told(place, "query", sql="SELECT 1 AS id, 2 AS id")
    assert code == "DuplicateColumn"
    assert "tell them apart with AS" in text


def test_values_of_documents_have_their_types(postgresql, sqlite, made, contents):
    given = '{"n": 12.5, "i": 9007199254740993, "b": true, "x": null, "ids": [1, 2]}'
    (row,) = made(
        postgresql,
        "query",
        given,
        sql="SELECT :n + 1 AS n, :i + 1 AS i, NOT :b AS b, coalesce(:x, 'none') AS x, 2 = ANY(:ids) AS found",
        values="document",
    )
    assert row.payload.read() == b'{"n": 13.5, "i": 9007199254740994, "b": false, "x": "none", "found": true}'
    sql = "SELECT :n + 1 AS n, NOT :b AS b, (SELECT sum(value) FROM json_each(:ids)) AS total"
    (row,) = made(sqlite, "query", given, sql=sql, values="document")
    assert contents([row]) == [{"n": 13.5, "b": 0, "total": 3}]


def test_values_of_parameters_can_be_given_types(place, made, contents):
    sql = "SELECT id FROM moments WHERE at >= :since AND id < :most"
    place.execute("CREATE TABLE moments (id integer, at timestamp)")
    place.execute("INSERT INTO moments VALUES (1, '2026-01-01T00:00:00'), (2, '2026-03-01T00:00:00'), (30, NULL)")
    found = made(
        place,
        "query",
        sql=sql,
        parameters={"since": "2026-02-01", "most": "30"},
        types={"since": "timestamp", "most": "integer"},
    )
    assert contents(found) == [{"id": 2}]
