import logging

import pytest


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT 1 FROM (", "42601"),
        ("SELECT nowhere FROM people", "42703"),
        ("SELECT * FROM nowhere", "42P01"),
    ],
)
def test_a_statement_that_is_wrong_fails_its_document_with_an_sqlstate(place, told, sql, code):
    place.execute("CREATE TABLE people (id integer)")
    assert told(place, "query", sql=sql)[0] == code
    assert told(place, "statement", sql=sql)[0] == code


def test_the_place_of_a_mistake_in_a_statement_is_told(postgresql, told):
    sql = "SELECT 1\nFROM generate_series(1, 2)\nWHER true"
    code, text = told(postgresql, "query", sql=sql)
    assert code == "42601"
    assert "(line 3, at 'true')" in text
    assert "(line 1, at 'nothing')" in told(postgresql, "statement", sql="SELECT nothing")[1]


def test_sqlite_says_what_it_could_not_read(sqlite, told):
    assert told(sqlite, "query", sql="SELECT 1 FORM x y")[1] == 'query failed: 42601: near "x": syntax error'


def test_no_message_and_no_log_line_holds_a_value_or_a_password(place, told, caplog):
    caplog.set_level(logging.DEBUG)
    place.execute("CREATE TABLE people (id integer PRIMARY KEY, mail varchar(10) UNIQUE)")
    place.execute("INSERT INTO people VALUES (1, 'secret@x')")
    texts = [
        told(place, "insert", {"id": 2, "mail": "secret@x"}, table="people")[1],
        told(place, "statement", sql="INSERT INTO people VALUES (3, :m)", parameters={"m": "secret@x"})[1],
    ]
    if place.kind == "postgresql":
        texts += [
            told(place, "insert", {"id": 4, "mail": "much-too-long-secret@x"}, table="people")[1],
            told(place, "query", sql="SELECT CAST(:m AS integer)", parameters={"m": "secret@x"})[1],
            told(place, "insert", {"id": "secret@x", "mail": "b"}, table="people")[1],
        ]
    assert all(texts)
    assert "secret" not in " ".join(texts)
    assert "secret" not in caplog.text


def test_what_a_trigger_says_is_passed_on_without_the_value(postgresql, told):
    postgresql.execute("CREATE TABLE people (mail text)")
    postgresql.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no mail to (%) today', NEW.mail USING ERRCODE = 'P0042'; END $$"
    )
    postgresql.execute("CREATE TRIGGER refuse BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION refuse()")
    code, text = told(postgresql, "insert", {"mail": "secret@x"}, table="people")
    assert (code, text) == ("P0042", "insert of table 'people' failed: P0042: no mail to (...) today")


def test_a_value_without_a_known_type_is_told_with_what_helps(postgresql, told):
    code, text = told(postgresql, "query", sql="SELECT 1 WHERE :v IS NULL", parameters={"v": "x"})
    assert code == "42P18"
    assert "tell its type, in `types` or with a CAST" in text


def test_a_query_of_what_gives_no_rows_points_to_statement(postgresql, told):
    code, text = told(postgresql, "query", sql="SET LOCAL lock_timeout = 5")
    assert code == "NoRows"
    assert "use the action `statement`" in text


def test_statements_that_no_cursor_can_hold_give_rows_too(postgresql, made, contents):
    assert contents(made(postgresql, "query", sql="SHOW server_encoding")) == [{"server_encoding": "UTF8"}]
    assert "Result" in made(postgresql, "query", sql="EXPLAIN SELECT 1", batch="all")[0].payload.read().decode()


def test_more_rows_than_wanted_are_left_with_a_warning(place, made, caplog):
    sql = "WITH n(i) AS (VALUES (1), (2), (3)) SELECT i FROM n"
    assert len(made(place, "query", sql=sql, max_rows=2)) == 2
    assert "there are more than 2 rows" in caplog.text
    caplog.clear()
    assert len(made(place, "query", sql=sql, max_rows=3)) == 3
    assert caplog.text == ""


def test_a_text_that_is_no_text_is_told_without_it(sqlite, told):
    _, text = told(sqlite, "query", sql="SELECT CAST(x'ff' || 'my-secret' AS TEXT) AS t")
    assert "Could not decode to UTF-8 column 't'" in text
    assert "secret" not in text
