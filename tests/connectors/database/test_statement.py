import json

import pytest

from connector_sdk import SettingsError
from connectors.database import CONNECTOR


@pytest.fixture
def stock(place):
    place.execute("CREATE TABLE stock (article varchar(20) PRIMARY KEY, count integer)")
    place.execute("INSERT INTO stock VALUES ('tea', 1), ('milk', 2)")
    return place


def rows(place):
    return place.execute("SELECT article, count FROM stock ORDER BY article")


def test_the_rows_that_a_statement_changes_are_counted(stock, made):
    (told,) = made(
        stock,
        "statement",
        sql="UPDATE stock SET count = count + :more",
        parameters={"more": "5"},
        types={"more": "integer"},
    )
    assert told.tracked["database.row_count"] == "2"
    assert json.loads(told.payload.read()) == {"row_count": 2}
    assert rows(stock) == [("milk", 7), ("tea", 6)]


def test_rows_that_it_gives_back_travel_on(stock, made, contents):
    sql = "UPDATE stock SET count = 0 WHERE article = :article RETURNING article, count"
    given = made(stock, "statement", {"article": "tea"}, {"article": "milk"}, sql=sql, values="document")
    assert contents(given) == [{"article": "tea", "count": 0}, {"article": "milk", "count": 0}]
    assert rows(stock) == [("milk", 0), ("tea", 0)]


@pytest.mark.parametrize("transaction", ["document", "batch"])
def test_a_document_that_is_refused_fails_alone(stock, serve, transaction):
    sql = "INSERT INTO stock VALUES (:article, :count)"
    contents = [{"article": "a", "count": 1}, {"article": "tea", "count": 1}, {"article": "b", "count": None}]
    results = serve(stock, "statement", *contents, sql=sql, values="document", transaction=transaction)
    assert [each.error and each.error.code for each in results] == [None, "23505", None]
    assert rows(stock) == [("a", 1), ("b", None), ("milk", 2), ("tea", 1)]


def test_all_documents_or_none(stock, serve):
    sql = "INSERT INTO stock VALUES (:article, 1)"
    contents = [{"article": "a"}, {"article": "tea"}]
    results = serve(stock, "statement", *contents, sql=sql, values="document", transaction="step")
    assert [each.error.code for each in results] == ["RolledBack", "23505"]
    assert rows(stock) == [("milk", 2), ("tea", 1)]


def test_a_second_statement_in_the_text_is_refused(stock, told):
    code, _ = told(
        stock, "statement", sql="DELETE FROM stock WHERE article = :a; DELETE FROM stock", parameters={"a": "x"}
    )
    assert code == "42601"
    assert len(rows(stock)) == 2


def test_tables_can_be_made(place, made):
    made(place, "statement", sql="CREATE TABLE made (id integer)")
    assert place.execute("SELECT * FROM made") == []


def test_values_that_the_document_lacks_are_named(stock, told):
    sql = "DELETE FROM stock WHERE article = :article"
    assert told(stock, "statement", {"a": 1}, sql=sql, values="document") == (
        "MissingValue",
        "there is no field 'article' for :article of the statement",
    )
    assert told(stock, "statement", "no json", sql=sql, values="document")[0] == "InvalidJson"
    assert told(stock, "statement", "[1]", sql=sql, values="document")[0] == "InvalidJson"
    assert told(stock, "statement", sql=sql, values="properties")[0] == "MissingValue"
    assert told(stock, "statement", sql=sql)[0] == "MissingValue"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "x"), ("decimal", "1,5"), ("boolean", "maybe"), ("date", "31.12.2026"), ("binary", "%")],
)
def test_a_value_that_is_not_of_its_type_is_named_but_not_shown(sqlite, told, kind, text):
    code, message = told(sqlite, "statement", sql="SELECT :v", parameters={"v": text}, types={"v": kind})
    wanted = "base64" if kind == "binary" else kind
    assert (code, message) == ("InvalidValue", f"the value of :v is no {wanted}")


def test_colons_that_name_no_value_stay_as_they_are(place, made, contents):
    cast = "" if place.kind == "sqlite" else "::text"
    sql = f"SELECT ':a' AS \"b:c\", '12:30'{cast} AS t, /* :d */ CAST(:e AS integer) AS e -- :f\n"
    (row,) = made(place, "query", sql=sql, parameters={"e": "7"})
    assert contents([row]) == [{"b:c": ":a", "t": "12:30", "e": 7}]


def test_the_inputs_of_a_statement_are_its_names():
    operation = CONNECTOR.actions["statement"].load({"sql": "SELECT :b, :a, ':c', d::int, :b"})
    assert [(each.name, each.required) for each in operation.inputs] == [("b", True), ("a", True)]
    operation = CONNECTOR.actions["query"].load({"sql": "SELECT :a", "values": "document"})
    assert [(each.name, each.required) for each in operation.inputs] == [("a", False)]


def test_an_empty_statement_is_no_setting():
    with pytest.raises(SettingsError, match="must be a statement"):
        CONNECTOR.actions["query"].load({"sql": "  "})


def test_null_is_an_empty_text_of_a_typed_value(stock, made):
    sql = "UPDATE stock SET count = :count WHERE article = 'tea'"
    made(stock, "statement", sql=sql, parameters={"count": ""}, types={"count": "integer"})
    assert rows(stock) == [("milk", 2), ("tea", None)]


def test_signs_of_per_cent_and_questions_are_only_signs(place, made, contents):
    like = "'a%b' LIKE 'a\\%b' ESCAPE '\\'"
    operator = "1" if place.kind == "sqlite" else "CASE WHEN '{\"a\": 1}'::jsonb ? 'a' THEN 1 END"
    for sql, parameters in (
        (f"SELECT 10 % 3 AS m, {operator} AS j WHERE {like}", {}),
        (f"SELECT 10 % 3 AS m, {operator} AS j WHERE {like} AND :x = 'y%s'", {"x": "y%s"}),
    ):
        assert contents(made(place, "query", sql=sql, parameters=parameters)) == [{"m": 1, "j": 1}]
        assert contents(made(place, "statement", sql=sql, parameters=parameters)) == [{"m": 1, "j": 1}]
