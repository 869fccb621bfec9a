import json
import pickle

import pytest

from connector_sdk import Document, Payload
from process_runner.language.place import InvalidProject

ORDER = {
    "id": 7,
    "customer": {"name": "Åsa & Söner"},
    "lines": [{"article": "Tea", "count": 2}, {"article": 'Co,ff"ee', "vat": True, "count": None}],
}

SHEET = """
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:exsl="http://exslt.org/common"
    extension-element-prefixes="exsl">
  <xsl:output method="text"/>
  <xsl:param name="word"/>
  <xsl:template match="/">BODY</xsl:template>
</xsl:stylesheet>
"""


@pytest.fixture
def mapped(run):
    """Maps one document; the outcome has the result and the failures."""

    def map_one(mapping, content=ORDER, properties=None):
        text = content if isinstance(content, str) else json.dumps(content)
        steps = [{"start": "passthrough"}, {"map": mapping}, {"return_documents": "all"}]
        document = Document(Payload(text.encode()), properties or {})
        return run(json.dumps({"processes": {"p": {"steps": steps}}}), documents=[document])

    return map_one


def sheet(body):
    return SHEET.replace("BODY", body)


def test_fields_keep_native_types_and_nest(mapped):
    fields = {
        "number": "{{ json('id') }}",
        "text": "no {{ json('id') }}",
        "customer": {"name": "{{ json('customer.name') }}", "level": 3, "vip": True},
        "articles": "{{ json('lines[].article') }}",
    }
    (text,) = mapped({"to": "json", "fields": fields}).texts
    assert json.loads(text) == {
        "number": 7,
        "text": "no 7",
        "customer": {"name": "Åsa & Söner", "level": 3, "vip": True},
        "articles": ["Tea", 'Co,ff"ee'],
    }
    assert "Åsa" in text


def test_a_field_that_cannot_be_computed_is_named_and_fails_the_document(mapped):
    outcome = mapped({"to": "json", "fields": {"customer": {"street": "{{ json('customer.street') }}"}}})
    assert outcome.texts == []
    (message,) = outcome.messages
    assert message.startswith("customer: street: {{ json('customer.street') }}: nothing at 'customer.street'")


def test_a_jmespath_reshapes_a_document(mapped):
    outcome = mapped({"to": "json", "jmespath": "lines[?count].{name: article}"})
    assert json.loads(outcome.texts[0]) == [{"name": "Tea"}]


def test_a_path_that_leads_nowhere_says_what_the_document_has(mapped):
    (message,) = mapped({"to": "json", "jmespath": "orders"}).messages
    assert message == "nothing at 'orders' in the document's JSON; at the top are id, customer, lines"


@pytest.mark.parametrize(
    "mapping",
    [
        {"to": "json", "jmespath": "sum(lines)"},
        {"to": "csv", "rows": "lines", "columns": {"n": "sum(@)"}},
        {"to": "json", "fields": {"n": "{{ json('sum(lines)') }}"}},
    ],
)
def test_a_function_of_a_path_that_does_not_fit_fails_the_document(mapped, mapping):
    outcome = mapped(mapping)
    assert [failure.code for failure in outcome.report.failures] == ["PathFailed"]
    assert "cannot be computed: In function sum()" in outcome.messages[0]


def test_csv_becomes_an_array_of_texts(mapped):
    outcome = mapped({"to": "json", "from": "csv", "delimiter": ";"}, 'Name;Note\nÅsa;"two\nlines; quoted"\n\nBo;\n')
    assert json.loads(outcome.texts[0]) == [{"Name": "Åsa", "Note": "two\nlines; quoted"}, {"Name": "Bo", "Note": ""}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1\n", "the document is no CSV: record 1 has 1 fields, the header 2"),
        ('a,b\n1,"x\n', "the document is no CSV: line 2: unexpected end of data"),
    ],
)
def test_a_broken_csv_fails_its_document(mapped, content, message):
    assert mapped({"to": "json", "from": "csv"}, content).messages == [message]


def test_rows_become_csv_with_a_column_for_each_key(mapped):
    outcome = mapped({"to": "csv", "rows": "lines"})
    assert outcome.texts == ['article,count,vat\nTea,2,\n"Co,ff""ee",,true\n']


def test_columns_are_paths_into_a_row_or_values_for_all_rows(mapped):
    columns = {"Article": "article", "Order": {"value": "{{ json('id') }}/{{ prop.day }}"}, "Nothing": "a.b"}
    outcome = mapped({"to": "csv", "rows": "lines", "columns": columns, "delimiter": ";"}, properties={"day": "mo"})
    assert outcome.texts == ['Article;Order;Nothing\nTea;7/mo;\n"Co,ff""ee";7/mo;\n']


def test_a_mapping_is_one_row_and_the_header_can_be_left_out(mapped):
    assert mapped({"to": "csv", "rows": "customer", "header": False}).texts == ["Åsa & Söner\n"]


def test_rows_that_are_no_list_fail_the_document(mapped):
    assert mapped({"to": "csv", "rows": "id"}).messages == ["'id' leads to no list, but to a number"]
    assert mapped({"to": "csv"}, "[1]").messages == ["a row is no mapping, so `columns` is needed; it is a number"]


def test_fields_become_elements_attributes_and_repeated_elements(mapped):
    fields = {"@id": "{{ json('id') }}", "who": "{{ json('customer') }}", "line": "{{ json('lines[].article') }}"}
    (text,) = mapped({"to": "xml", "root": "order", "fields": fields}).texts
    assert text.splitlines()[1] == (
        '<order id="7"><who><name>Åsa &amp; Söner</name></who><line>Tea</line><line>Co,ff"ee</line></order>'
    )


def test_a_name_that_xml_does_not_have_fails_the_document(mapped):
    (message,) = mapped({"to": "xml", "root": "an order", "fields": {"a": 1}}).messages
    assert message.startswith("XML cannot hold this: Invalid tag name")


def test_a_stylesheet_sees_the_document_and_its_parameters_as_texts(mapped):
    outcome = mapped(
        {"to": "text", "xslt": sheet('<xsl:value-of select="concat($word, /a/b)"/>'), "parameters": {"word": "'\"<"}},
        "<a><b>x</b></a>",
    )
    assert outcome.texts == ["'\"<x"]


def test_a_stylesheet_is_a_file_beside_the_process(mapped, tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "a.xslt").write_text(sheet('<xsl:value-of select="/a"/>'))
    assert mapped({"to": "text", "xslt": "a.xslt"}, "<a>x</a>").texts == ["x"]


@pytest.mark.parametrize(
    "body",
    [
        "<xsl:copy-of select=\"document('FILE')\"/>",
        '<exsl:document href="FILE.new">x</exsl:document>',
        "<xsl:value-of select=\"document('http://127.0.0.1:9/')\"/>",
    ],
)
def test_a_stylesheet_can_open_no_file_and_no_address(mapped, tmp_path, body):
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret>hidden</secret>")
    outcome = mapped({"to": "text", "xslt": sheet("before " + body.replace("FILE", str(secret)))}, "<a/>")
    assert "hidden" not in "".join(outcome.texts)
    assert [path.name for path in tmp_path.glob("secret*")] == ["secret.xml"]
    assert outcome.report.documents_failed == 1, outcome.texts


@pytest.mark.parametrize("scheme", ["", "file://", "file://localhost"])
@pytest.mark.parametrize("way", ["import", "include"])
def test_a_stylesheet_can_import_no_file(mapped, tmp_path, scheme, way):
    (tmp_path / "other.xslt").write_text(sheet("imported"))
    text = sheet("x").replace("<xsl:output", f'<xsl:{way} href="{scheme}{tmp_path}/other.xslt"/><xsl:output')
    with pytest.raises(InvalidProject, match="this is no XSLT"):
        mapped({"to": "text", "xslt": text}, "<a/>")


def test_entities_of_a_document_are_not_resolved(mapped, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    content = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{secret}">]><a>&e;</a>'
    outcome = mapped({"to": "text", "xslt": sheet('x<xsl:value-of select="/a"/>')}, content)
    assert "hidden" not in "".join(outcome.texts)


def test_a_stylesheet_that_never_ends_fails_its_document(mapped):
    text = sheet('<xsl:call-template name="r"/>').replace(
        "</xsl:stylesheet>", '<xsl:template name="r"><xsl:call-template name="r"/></xsl:template></xsl:stylesheet>'
    )
    outcome = mapped({"to": "text", "xslt": text}, "<a/>")
    assert [failure.code for failure in outcome.report.failures] == ["StylesheetFailed"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"to": "json", "jmespath": "a", "fields": {"a": 1}}, "a map has one of 'jmespath' and 'fields'"),
        ({"to": "json", "jmespath": "a["}, "'a[' is no JMESPath"),
        ({"to": "json", "fields": {"a": {"b": "{{ jsn('a') }}"}}}, "unknown name 'jsn' in an expression"),
        ({"to": "xml"}, "a map to XML has either 'xslt' or 'fields'"),
        ({"to": "xml", "xslt": "nothing.xslt"}, "nothing.xslt: No such file or directory"),
        ({"to": "xml", "xslt": "<a>"}, "the stylesheet is not XML"),
        ({"to": "xml", "xslt": "<a/>"}, "this is no XSLT"),
        ({"to": "text"}, "a map to text has either 'text' or 'xslt'"),
        ({"to": "yaml"}, "'yaml' is not possible here"),
    ],
)
def test_a_map_that_cannot_work_is_told_when_the_project_loads(mapped, mapping, message):
    with pytest.raises(InvalidProject) as caught:
        mapped(mapping)
    assert message in str(caught.value)
    assert len(caught.value.problems) == 1, caught.value


def test_a_map_pickles_with_its_stylesheet(project):
    steps = [{"map": {"to": "text", "xslt": sheet("x")}}]
    loaded = project(json.dumps({"processes": {"p": {"steps": steps}}}))
    shape = loaded.processes["p"].steps[0].shape
    assert pickle.loads(pickle.dumps(shape)).mapping.xslt.apply(b"<a/>", {}) == b"x"


@pytest.mark.parametrize(
    "mapping",
    [
        {"to": "csv", "rows": "[@]"},
        {"to": "text", "text": "{{ json('a') }}"},
        {"to": "text", "text": "{{ prop.name }}"},
    ],
)
def test_half_a_character_fails_its_document(mapped, mapping):
    outcome = mapped(mapping, '{"a": "\\ud800"}', {"name": "caf\udce9"})
    assert outcome.report.documents_failed == 1
    assert outcome.report.defect == ""
    assert "half a character" in outcome.messages[0]
