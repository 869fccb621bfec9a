"""Request documents: XML as Boomi writes it, and JSON with the same names."""

import json

import pytest

from connector_sdk import DocumentError, Payload
from connectors.s3.select.format import CsvInput, CsvOutput, JsonInput, JsonOutput
from connectors.s3.select.query import Query, read_request

XML = """<?xml version="1.0" encoding="UTF-8"?>
<SelectRequest xmlns="urn:anything">
  <!-- which object -->
  <FileKey>in/people &amp; more.csv</FileKey>
  <Expression>SELECT s.name FROM S3Object s WHERE s.age &gt; 10</Expression>
  <CompressionType>GZIP</CompressionType>
  <ObjectFormat>CSV</ObjectFormat>
  <CSV>
    <FileHeaderInfo>USE</FileHeaderInfo>
    <FieldDelimiter>;</FieldDelimiter>
    <RecordDelimiter>\\r\\n</RecordDelimiter>
    <QuoteCharacter>'</QuoteCharacter>
    <QuoteEscapeCharacter>\\</QuoteEscapeCharacter>
    <Comments>%</Comments>
    <AllowQuotedRecordDelimiter>TRUE</AllowQuotedRecordDelimiter>
  </CSV>
</SelectRequest>"""
JSON = {
    "FileKey": "in/people & more.csv",
    "Expression": "SELECT s.name FROM S3Object s WHERE s.age > 10",
    "CompressionType": "GZIP",
    "ObjectFormat": "CSV",
    "CSV": {
        "FileHeaderInfo": "USE",
        "FieldDelimiter": ";",
        "RecordDelimiter": "\r\n",
        "QuoteCharacter": "'",
        "QuoteEscapeCharacter": "\\",
        "Comments": "%",
        "AllowQuotedRecordDelimiter": True,
    },
}
MEANT = Query(
    key="in/people & more.csv",
    expression="SELECT s.name FROM S3Object s WHERE s.age > 10",
    format="csv",
    compression="gzip",
    csv=CsvInput(
        file_header_info="use",
        field_delimiter=";",
        record_delimiter="\r\n",
        quote_character="'",
        quote_escape_character="\\",
        comments="%",
        allow_quoted_record_delimiter=True,
    ),
)
DEFAULTS = Query("", "")


def read(text, defaults=DEFAULTS):
    return read_request(Payload(text if isinstance(text, bytes) else text.encode()), defaults)


def said(**more):
    return json.dumps({"FileKey": "k", "Expression": "e", **more})


@pytest.mark.parametrize(
    "text", [XML, json.dumps(JSON), json.dumps({"SelectRequest": JSON}), "\ufeff  " + json.dumps(JSON)]
)
def test_xml_and_json_say_the_same(text):
    assert read(text) == MEANT


def test_xml_and_json_of_a_json_object_say_the_same():
    xml = "<SelectRequest><FileKey>k</FileKey><Expression>e</Expression><JSON><Type>LINES</Type></JSON></SelectRequest>"
    meant = Query("k", "e", format="json", json=JsonInput(type="lines"))
    assert read(xml) == read(said(JSON={"Type": "Lines"})) == read(said(ObjectFormat="json", JSON={"Type": "lines"}))
    assert read(xml) == meant


def test_what_is_left_out_or_empty_is_as_the_operation_says():
    defaults = Query("", "", "json", "bzip2", CsvInput(comments="%"), JsonInput(type="lines"), JsonOutput())
    assert read(said(), defaults) == Query(
        "k", "e", "json", "bzip2", CsvInput(comments="%"), JsonInput(type="lines"), JsonOutput()
    )
    kept = read(said(ObjectFormat="CSV", CSV={"Comments": "", "FieldDelimiter": ";"}), defaults)
    assert kept.csv == CsvInput(comments="%", field_delimiter=";")


def test_the_output_may_be_part_of_the_request():
    written = {"CSV": {"QuoteFields": "ALWAYS", "FieldDelimiter": "\\t"}}
    assert read(said(OutputSerialization=written)).output == CsvOutput(quote_fields="always", field_delimiter="\t")
    assert read(said(OutputSerialization={"JSON": {"RecordDelimiter": "|"}})).output == JsonOutput(record_delimiter="|")
    assert read(said(OutputSerialization={"JSON": {}})).output == JsonOutput()


def test_parquet_needs_no_details():
    assert read(said(ObjectFormat="Parquet")).format == "parquet"
    xml = "<SelectRequest><FileKey>k</FileKey><Expression>e</Expression><Parquet/></SelectRequest>"
    assert read(xml).format == "parquet"


WRONG = [
    ("", "neither XML nor JSON"),
    ("SELECT 1", "neither XML nor JSON"),
    ("{", "not JSON"),
    ("<a><b></a>", "not XML"),
    ("<SelectRequest/>", "FileKey is missing"),
    ('{"FileKey": "k"}', "Expression is missing"),
    ('{"SelectRequest": 7}', "SelectRequest holds"),
    (said(FileKey={"a": 1}), "FileKey is missing"),
    (said(Filekey="k"), "there is no Filekey; there are FileKey, Expression"),
    (said(CompressionType="ZIP"), "CompressionType is ZIP; there are NONE, GZIP and BZIP2"),
    (said(ObjectFormat="ORC"), "ObjectFormat is ORC; there are CSV, JSON and Parquet"),
    (said(ObjectFormat="CSV", JSON={"Type": "LINES"}), "ObjectFormat is CSV, but there is an element JSON"),
    (said(ObjectFormat="Parquet", CompressionType="GZIP"), "Parquet compresses its own columns"),
    (said(CSV={"FieldDelimiter": "ab"}), "CSV: FieldDelimiter: takes one character"),
    (said(CSV={"FileHeaderInfo": "MAYBE"}), "CSV: FileHeaderInfo: "),
    (said(CSV={"Delimiter": ";"}), "CSV: Delimiter: "),
    (said(CSV="x"), "CSV holds elements"),
    (said(JSON={"Type": "ARRAY"}), "JSON: Type: "),
    (said(OutputSerialization={"XML": {}}), "OutputSerialization holds one element"),
    ("{" + " " * (1 << 20) + "}", "at most 1 MB"),
]


@pytest.mark.parametrize(("text", "says"), WRONG, ids=[row[1] for row in WRONG])
def test_a_wrong_request_says_what_is_wrong(text, says):
    with pytest.raises(DocumentError, match=r"^SelectRequest: ") as caught:
        read(text)
    assert says in str(caught.value)
    assert caught.value.code == "InvalidSelectRequest"


def test_a_request_cannot_read_files_or_grow(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    entity = f"""<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>
        <SelectRequest><FileKey>&x;</FileKey><Expression>e</Expression></SelectRequest>"""
    with pytest.raises(DocumentError, match="DOCTYPE") as caught:
        read(entity)
    assert "SECRET" not in str(caught.value)


def test_a_request_document_selects(service, put, document):
    put("in/people & more.csv", b"name;age\nAnn;30\nBob;7\n")
    request = XML.replace("GZIP", "NONE").replace("\\r\\n", "\\n")
    assert service.text(document(content=request.encode()), engine="local") == "Ann\n"
    answer = service.one(document(content=request.encode()), engine="local", output_format="json")
    assert answer.payload.read() == b'{"name":"Ann"}\n'
    assert answer.tracked["s3.file_key"] == "in/people & more.csv"
