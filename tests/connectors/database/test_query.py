import json
from decimal import Decimal

import pytest

from connector_sdk import Document, Payload

PEOPLE = "CREATE TABLE people (id integer PRIMARY KEY, name varchar(50), born varchar(10))"


@pytest.fixture
def people(place):
    place.execute(PEOPLE)
    for row in [(1, "Ada", "1815"), (2, "Grace 👩‍💻", None), (3, "O'Hara; DROP TABLE people; --", "1950")]:
        place.execute("INSERT INTO people VALUES (?, ?, ?)", *row)
    return place


def test_each_row_is_a_document(people, made, contents):
    rows = made(people, "query", sql="SELECT id, name, born FROM people ORDER BY id")
    assert contents(rows) == [
        {"id": 1, "name": "Ada", "born": "1815"},
        {"id": 2, "name": "Grace 👩‍💻", "born": None},
        {"id": 3, "name": "O'Hara; DROP TABLE people; --", "born": "1950"},
    ]
    assert [each.tracked["database.batch"] for each in rows] == ["1", "2", "3"]
    assert rows[0].tracked["database.columns"] == "id,name,born"


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("json", ['[{"id": 1},\n {"id": 2}]', '[{"id": 3}]']),
        ("lines", ['{"id": 1}\n{"id": 2}\n', '{"id": 3}\n']),
        ("csv", ["id\n1\n2\n", "id\n3\n"]),
    ],
)
def test_rows_come_in_batches(people, made, format, expected):
    given = made(people, "query", sql="SELECT id FROM people ORDER BY id", batch=2, format=format)
    assert [each.payload.read().decode() for each in given] == expected
    assert [each.tracked["database.row_count"] for each in given] == ["2", "1"]


@pytest.mark.parametrize(("format", "expected"), [("json", "[]"), ("lines", ""), ("csv", "id,name\n")])
def test_no_rows_can_be_a_document_too(people, made, format, expected):
    none = {"sql": "SELECT id, name FROM people WHERE 1 = 0", "batch": "all", "format": format}
    assert made(people, "query", **none) == []
    (given,) = made(people, "query", **none, if_empty="document")
    assert given.payload.read().decode() == expected
    assert given.tracked["database.row_count"] == "0"


def test_where_there_is_no_row_the_process_says_what_happens(people, made, told):
    sql = "SELECT id FROM people WHERE 1 = 0"
    assert made(people, "query", sql=sql) == []
    (empty,) = made(people, "query", sql=sql, if_empty="document")
    assert empty.payload.read() == b"[]"
    assert told(people, "query", sql=sql, if_empty="fail")[0] == "NoRows"


def test_a_value_is_bound_and_never_read_as_sql(people, made, contents):
    hostile = "O'Hara; DROP TABLE people; --"
    sql = "SELECT id FROM people WHERE name = :name"
    assert contents(made(people, "query", sql=sql, parameters={"name": hostile})) == [{"id": 3}]
    assert made(people, "query", sql=sql, parameters={"name": "' OR '1'='1"}) == []
    assert people.execute("SELECT count(*) FROM people") == [(3,)]


def test_a_text_that_stands_for_a_number_is_compared_as_one(people, made, contents):
    found = made(people, "query", sql="SELECT name FROM people WHERE id = :id", parameters={"id": "1"})
    assert contents(found) == [{"name": "Ada"}]


def test_values_come_from_the_fields_of_the_document(people, made, contents):
    sql = "SELECT name FROM people WHERE id = :id"
    assert contents(made(people, "query", {"id": 1}, sql=sql, values="document")) == [{"name": "Ada"}]


def test_values_come_from_the_properties_of_the_document(people, made, contents):
    given = Document(Payload(b""), {"id": "1"})
    sql = "SELECT name FROM people WHERE id = :id"
    assert contents(made(people, "query", given, sql=sql, values="properties")) == [{"name": "Ada"}]


def test_decimals_keep_every_digit(postgresql, made):
    (row,) = made(postgresql, "query", sql="SELECT 12345678901234567890.123456789000::numeric AS n, 0.10::numeric AS m")
    assert row.payload.read() == b'{"n": 12345678901234567890.123456789000, "m": 0.10}'
    assert json.loads(row.payload.read(), parse_float=Decimal)["m"] == Decimal("0.10")
