"""Reading values out of a document: JSON, XML, CSV and text."""

import pytest

from connector_sdk import DocumentError, Payload
from process_runner.expressions import Template, check
from process_runner.expressions.content import LARGEST

ORDER = """{
    "id": 7, "total": 12.50, "paid": true, "note": null,
    "customer": {"name": "Ünal"},
    "lines": [{"sku": "a+b/c"}, {"sku": "d"}]
}"""
XML = '<o:order xmlns:o="urn:o" id="7"><o:line sku="a">one</o:line><o:line sku="b">two &amp; three</o:line></o:order>'
CSV = 'id,"full name",note\r\n7,"Ünal, Ayşe","two\r\nlines"\r\n'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", 7),
        ("total", 12.5),
        ("paid", True),
        ("customer.name", "Ünal"),
        ("lines[0].sku", "a+b/c"),
        ("lines[-1].sku", "d"),
        ("lines[*].sku", ["a+b/c", "d"]),
        ("length(lines)", 2),
        ("customer", {"name": "Ünal"}),
        ("lines[?sku=='d'] | [0]", {"sku": "d"}),
    ],
)
def test_json_keeps_native_types(value, path, expected):
    found = value(f'{{{{ json("{path}") }}}}', ORDER)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", "7"),
        ("total", "12.5"),
        ("paid", "true"),
        ("customer", '{"name":"Ünal"}'),
        ("lines[*].sku", '["a+b/c","d"]'),
    ],
)
def test_a_property_gets_the_value_as_text(text, path, expected):
    assert text(f"{{{{ json('{path}') }}}}", ORDER) == expected


def test_null_is_nothing_and_default_makes_it_optional(text, failure):
    code, told = failure("{{ json('note') }}", ORDER)
    assert code == "ExpressionFailed"
    assert "nothing at 'note'" in told
    assert text("{{ json('note') | default('-') }}", ORDER) == "-"


def test_numbers_larger_than_a_float_stay_whole(text):
    assert text("{{ json('n') }}", '{"n": 12345678901234567890123}') == "12345678901234567890123"


def test_a_byte_order_mark_is_not_content(value):
    assert value("{{ json('a') }}{{ document.text }}", b'\xef\xbb\xbf{"a": 1}') == '1{"a": 1}'


def test_xml_with_namespaces_attributes_and_entities(value):
    assert value("{{ xml('/*/@id') }}", XML) == "7"
    assert value("{{ xml('count(/*/*)') }}", XML) == 2


def test_xml_that_finds_nothing_is_told(failure, value):
    code, told = failure("{{ xml('//nothing') }}", XML)
    assert (code, "nothing at '//nothing' in the document's XML" in told) == ("ExpressionFailed", True)
    assert value("{{ xml('//nothing') | default('-') }}", XML) == "-"


def test_csv_reads_one_record(value):
    assert value("{{ csv('full name') }}|{{ csv('note') }}", CSV) == "Ünal, Ayşe|two\r\nlines"
    assert value("{{ csv('b', delimiter=';') }}", "a;b\n1;2\n") == "2"


def test_csv_tells_the_columns_it_has(failure):
    code, told = failure("{{ csv('name') }}", CSV)
    assert code == "ExpressionFailed"
    assert "no column 'name' in the document; it has id, full name, note" in told


@pytest.mark.parametrize(
    ("source", "content", "code", "told"),
    [
        ("{{ json('a') }}", '{"a": ', "InvalidJson", "the document is not JSON: line 1, column 7: Expecting value"),
        ("{{ json('a') }}", "", "InvalidJson", "the document is not JSON: line 1, column 1: Expecting value"),
        ("{{ json('a') }}", "[" * 100_000, "InvalidJson", "the document's JSON is nested too deeply"),
        ("{{ json('a[[') }}", "{}", "InvalidPath", "'a[[' is no JMESPath"),
        ("{{ json('a') }}", b"\xff\xfe", "NotText", "the document is not UTF-8 text: byte 0 does not fit"),
        ("{{ document.text }}", b"ab\xe9", "NotText", "the document is not UTF-8 text: byte 2 does not fit"),
        ("{{ csv('a') }}", "a\n1\n2\n", "InvalidCsv", "the document has 2 records"),
        ("{{ csv('a') }}", "", "InvalidCsv", "the document has 0 records"),
        ("{{ xml('//a') }}", "<a><b></a>", "InvalidXml", ""),
        ("{{ xml('//a') }}", "not xml", "InvalidXml", ""),
    ],
)
def test_content_of_another_kind_fails_the_document(failure, source, content, code, told):
    found = failure(source, content)
    assert found[0] == code
    assert told in found[1]


def test_external_entities_are_not_read(at, tmp_path):
    (tmp_path / "secret").write_text("top-secret")
    text = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><a>&e;</a>'
    try:
        told = Template("{{ xml('/a') }}").text(at(text))
    except DocumentError as error:
        told = str(error)
    assert "top-secret" not in told


def test_entities_that_explode_are_refused(failure):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    failure("{{ xml('/a') }}", f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}]><a>&e9;</a>')


@pytest.mark.parametrize("source", ["{{ document.text }}", "{{ json('a') }}", "{{ xml('/a') }}", "{{ csv('a') }}"])
def test_a_document_too_large_for_expressions_is_refused_unread(failure, tmp_path, source):
    path = tmp_path / "huge"
    with open(path, "wb") as stream:
        stream.truncate(LARGEST + 1)
    code, told = failure(source, Payload.file(path))
    assert code == "TooLarge"
    assert "expressions read at most 67,108,864; split it first" in told


def test_the_next_document_is_read_anew(at):
    expression, scope = Template("{{ json('a') }}"), at('{"a": 1}')
    assert expression.value(scope) == 1
    assert expression.value(scope.at(scope.document.replace(payload=Payload(b'{"a": 2}')), 2)) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('"hunter2-very-secret"', "a text"),
        ("[7]", "a list of 1"),
        ("7", "a number"),
        ("true", "true or false"),
        ("null", "null"),
    ],
)
def test_a_path_that_finds_nothing_is_told_without_content(failure, content, kind):
    told = failure("{{ json('a') }}", content)[1]
    assert told.endswith(f"it is {kind}")
    assert "hunter2" not in told


@pytest.mark.parametrize("source", ["{{ json('a') }}", "x {{ json('a') }}", "{{ json('@') }}"])
def test_half_a_character_is_no_text(failure, source):
    code, told = failure(source, '{"a": "\\ud800"}')
    assert code == "ExpressionFailed"
    assert "half a character" in told


def test_a_name_of_a_file_that_is_no_text_stays_what_it_is(text):
    assert text("{{ prop.file_name }}", b"", {"file_name": "caf\udce9"}) == "caf\udce9"


@pytest.mark.parametrize("number", ["9" * 5_000, "NaN", "Infinity", "-Infinity"])
def test_a_number_that_cannot_be_read_is_the_documents_failure(failure, number):
    code, told = failure("{{ json('a') }}", f'{{"a": {number}}}')
    assert code == "InvalidJson"
    assert told.startswith("the document is not JSON: ")


def test_an_expression_that_is_nested_too_deeply_is_told_when_the_project_loads():
    assert check("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}") == "this expression is nested too deeply"
