"""Whole expressions over CSV and JSON: what they select, from where, and how it is called in the output."""

import pytest

from connector_sdk import DocumentError

PEOPLE = "Name,Age,City\nAnn,30,Rome\nBob,7,Oslo\nCid,,Bern\n"
RULES = '{"Rules": [{"id": "1"}, {"expr": "y > x"}, {"id": "2", "expr": "z"}]}\n{"created": "June 27"}\n'
FILES = (
    '{"dir_name": "important", "files": [{"name": "."}, {"name": "a"}], "owner": "S3"}\n'
    '{"dir_name": "other", "files": [], "owner": "User"}\n'
)
BOOKS = '{"books": [{"title": "A", "price": 5}, {"title": "B", "price": 8.50}], "sizes": {"s": 1, "m": 2}}'

CSV_WITH_HEADER = [
    ("SELECT * FROM S3Object LIMIT 1", '{"Name":"Ann","Age":"30","City":"Rome"}'),
    ("SELECT s.* FROM s3object s LIMIT 1", '{"Name":"Ann","Age":"30","City":"Rome"}'),
    ("SELECT name FROM S3Object", '{"name":"Ann"} {"name":"Bob"} {"name":"Cid"}'),
    ("select S3Object.Name from S3OBJECT limit 1", '{"Name":"Ann"}'),
    ("SELECT s.name AS who, s.age years FROM S3Object AS s LIMIT 1", '{"who":"Ann","years":"30"}'),
    ("SELECT _1, s._3 FROM S3Object s LIMIT 1", '{"_1":"Ann","_3":"Rome"}'),
    ("SELECT LOWER(s.name), 1 FROM S3Object s LIMIT 1", '{"_1":"ann","_2":1}'),
    ("SELECT s.name, s.name FROM S3Object s LIMIT 1", '{"name":"Ann","name":"Ann"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age > 10", '{"name":"Ann"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age < 10", '{"name":"Bob"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age = '7'", '{"name":"Bob"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age <> '' AND CAST(s.age AS INT) < 8", '{"name":"Bob"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age = ''", '{"name":"Cid"}'),
    ("SELECT s.name FROM S3Object s WHERE s.age IS NULL", ""),
    ("SELECT s.name FROM S3Object s WHERE s.city IN ('Rome', 'Bern')", '{"name":"Ann"} {"name":"Cid"}'),
    ("SELECT s.name FROM S3Object s WHERE 7 IN (s.age, 30)", '{"name":"Bob"}'),
    ("SELECT s.name FROM S3Object s WHERE CAST(s._1 = 'Bob' AS STRING) IN ('true')", '{"name":"Bob"}'),
    ("SELECT s._4 FROM S3Object s WHERE s._4 IS MISSING LIMIT 1", "{}"),
    ("SELECT COUNT(*) FROM S3Object", '{"_1":3}'),
    ("SELECT COUNT(*) AS n, COUNT(s._4) FROM S3Object s", '{"n":3,"_2":0}'),
    ("SELECT SUM(CAST(s.age AS INT)) FROM S3Object s WHERE s.age <> ''", '{"_1":37}'),
    ("SELECT AVG(CAST(s.age AS INT)) FROM S3Object s WHERE s.age <> ''", '{"_1":18.5}'),
    ("SELECT AVG(CAST(s.age AS FLOAT)) a FROM S3Object s WHERE s.age <> ''", '{"a":18.5}'),
    ("SELECT MIN(s.age), MAX(s.age) FROM S3Object s WHERE s.age <> ''", '{"_1":7,"_2":30}'),
    ("SELECT SUM(s.age) / COUNT(*) + 1 AS v FROM S3Object s WHERE s.age <> ''", '{"v":19}'),
    ("SELECT SUM(s.age), COUNT(*) FROM S3Object s WHERE false", '{"_1":null,"_2":0}'),
    ("SELECT COUNT(*) FROM S3Object LIMIT 0", ""),
    ("SELECT * FROM S3Object LIMIT 0", ""),
    ("SELECT s.name -- who\nFROM S3Object s /* all\n of it */ WHERE s.age > 10", '{"name":"Ann"}'),
]
JSON_LINES = [
    (RULES, "SELECT id FROM S3Object[*].Rules[*].id", '{"id":"1"} {} {"id":"2"} {}'),
    (RULES, "SELECT id FROM S3Object[*].Rules[*].id WHERE id IS NOT MISSING", '{"id":"1"} {"id":"2"}'),
    (RULES, "SELECT r.expr FROM S3Object[*].Rules[*] r", '{} {"expr":"y > x"} {"expr":"z"} {}'),
    (RULES, "SELECT COUNT(r.id) FROM S3Object[*].Rules[*] r", '{"_1":2}'),
    (RULES, "SELECT * FROM S3Object[*].Rules[1]", '{"expr":"y > x"} {}'),
    (
        FILES,
        "SELECT d.dir_name, d.files FROM S3Object[*] d",
        '{"dir_name":"important","files":[{"name":"."},{"name":"a"}]} {"dir_name":"other","files":[]}',
    ),
    (
        FILES,
        "SELECT _1.dir_name, _1.owner FROM S3Object[*]",
        '{"dir_name":"important","owner":"S3"} {"dir_name":"other","owner":"User"}',
    ),
    (FILES, "SELECT s.files[0].name FROM S3Object s", '{"name":"."} {}'),
    (FILES, "SELECT s.files[1] FROM S3Object s LIMIT 1", '{"_1":{"name":"a"}}'),
    (BOOKS, "SELECT price FROM S3Object[*].books[*].price", '{"price":5} {"price":8.50}'),
    (BOOKS, "SELECT _1.price FROM S3Object[*].books[*]", '{"price":5} {"price":8.50}'),
    (BOOKS, "SELECT * FROM S3Object[*].books[*].title", '{"_1":"A"} {"_1":"B"}'),
    (BOOKS, "SELECT b.title FROM S3Object[*].books[*] b WHERE b.price > 5", '{"title":"B"}'),
    (BOOKS, "SELECT v AS width FROM S3Object[*].sizes.* v", '{"width":1} {"width":2}'),
    (BOOKS, "SELECT MAX(b.price) FROM S3Object[*].books[*] b", '{"_1":8.50}'),
    (BOOKS, "SELECT x FROM S3Object[*]['books'][0]['title'] x", '{"x":"A"}'),
]


def lines(text):
    return " ".join(text.splitlines())


@pytest.mark.parametrize(("expression", "results"), CSV_WITH_HEADER, ids=[row[0] for row in CSV_WITH_HEADER])
def test_a_statement_over_csv_selects(from_csv, expression, results):
    assert lines(from_csv(expression, PEOPLE, file_header_info="use")) == results


@pytest.mark.parametrize("type", ["lines", "document"])
@pytest.mark.parametrize(("data", "expression", "results"), JSON_LINES, ids=[row[1] for row in JSON_LINES])
def test_a_statement_over_json_selects_the_same_from_lines_and_from_a_document(
    from_json, data, expression, results, type
):
    assert lines(from_json(expression, data, type=type)) == results


def test_a_document_may_spread_over_many_lines_and_hold_an_array_at_its_root(from_json):
    data = '[\n  {"n": 1},\n  {"n": 2}\n]'
    assert lines(from_json("SELECT s.n FROM S3Object[*][*] s WHERE s.n > 1", data, type="document")) == '{"n":2}'


@pytest.mark.parametrize(("mode", "results"), [("none", '"Name","Ann","Bob","Cid"'), ("ignore", '"Ann","Bob","Cid"')])
def test_without_column_names_columns_are_counted(from_csv, mode, results):
    got = from_csv("SELECT s._1 FROM S3Object s", PEOPLE, file_header_info=mode)
    assert ",".join(line[6:-1] for line in got.splitlines()) == results


@pytest.mark.parametrize("mode", ["none", "ignore"])
def test_without_column_names_a_name_is_refused_with_what_would_work(from_csv, mode):
    with pytest.raises(DocumentError, match=r"^expression:1:8: .*file_header_info: use") as caught:
        from_csv("SELECT s.name FROM S3Object s", PEOPLE, file_header_info=mode)
    assert caught.value.code == "MissingHeaders"


def test_an_unknown_column_is_refused_with_the_columns_there_are(from_csv):
    with pytest.raises(DocumentError, match=r"^expression:2:7: there is no column nam; there are Name, Age, City$"):
        from_csv("SELECT 1 FROM S3Object s\nWHERE s.nam = 1", PEOPLE, file_header_info="use")


def test_quotes_make_the_case_of_a_column_count(from_csv):
    data = "NAME,name\n1,2\n"
    assert from_csv('SELECT s."name" FROM S3Object s', data, file_header_info="use") == '{"name":"2"}\n'
    with pytest.raises(DocumentError) as caught:
        from_csv("SELECT s.name FROM S3Object s", data, file_header_info="use")
    assert caught.value.code == "AmbiguousFieldName"
    with pytest.raises(DocumentError) as caught:
        from_csv('SELECT s."Name" FROM S3Object s', data, file_header_info="use")
    assert caught.value.code == "MissingHeaders"


@pytest.mark.parametrize("type", ["lines", "document"])
def test_an_ambiguous_field_of_json_is_an_error_and_quotes_resolve_it(from_json, type):
    data = '{"a": {"X": 1, "x": 2}}'
    assert from_json('SELECT s.a."x" FROM S3Object s', data, type=type) == '{"x":2}\n'
    for expression in ("SELECT s.a.x FROM S3Object s", "SELECT * FROM S3Object[*].a.x"):
        with pytest.raises(DocumentError) as caught:
            from_json(expression, data, type=type)
        assert caught.value.code == "AmbiguousFieldName"


def test_a_record_that_cannot_be_computed_fails_the_whole_expression(from_csv):
    with pytest.raises(DocumentError, match=r"^expression:1:8: 'x' cannot become INT"):
        from_csv("SELECT CAST(s._1 AS INT) FROM S3Object s", "1\nx\n3\n")


@pytest.mark.parametrize("mode", ["none", "use", "ignore"])
def test_an_empty_csv_object_gives_nothing_and_counts_to_zero(from_csv, mode):
    assert from_csv("SELECT COUNT(*) FROM S3Object", "", file_header_info=mode) == '{"_1":0}\n'
    assert from_csv(f"SELECT s.{'a' if mode == 'use' else '_1'} FROM S3Object s", "", file_header_info=mode) == ""


@pytest.mark.parametrize("type", ["lines", "document"])
def test_an_empty_json_object_gives_nothing_and_counts_to_zero(from_json, type):
    for nothing in ("", " \n \n"):
        assert from_json("SELECT COUNT(*) FROM S3Object", nothing, type=type) == '{"_1":0}\n'
        assert from_json("SELECT * FROM S3Object", nothing, type=type) == ""
