"""The service engine against a server that speaks the event stream: bytes on the wire, whole, cut and damaged."""

import base64
import hashlib
import os
from xml.etree import ElementTree

import pytest

from connector_sdk import ApplicationError, DocumentError

NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
EXPRESSION = "SELECT s.name FROM S3Object s WHERE s.age > 10"


@pytest.fixture
def whole(events):
    """A whole stream: records in two events with others between them."""
    return [
        events("Records", b"Ann\nBo", content_type="application/octet-stream"),
        events("Cont"),
        events("Progress", b"<Progress><BytesScanned>9</BytesScanned></Progress>", content_type="text/xml"),
        events("Records", b"b\n", content_type="application/octet-stream"),
        events("Stats", b"<Stats><BytesScanned>9</BytesScanned></Stats>", content_type="text/xml"),
        events("End"),
    ]


def select(server, **options):
    given = {"engine": "service", "expression": EXPRESSION, "parameters": {"id": "people.csv"}, **options}
    return server.select.one(**given)


def asked(server, number=0):
    """The request's XML as nested dictionaries."""

    def read(element):
        children = {child.tag.removeprefix(NAMESPACE): read(child) for child in element}
        return children or element.text

    return read(ElementTree.fromstring(server.asked[number][2]))


def test_records_of_all_events_become_one_document(select_server, whole):
    select_server.answers = [(200, whole)]
    document = select(select_server)
    assert document.payload.read() == b"Ann\nBob\n"
    assert document.tracked == {
        "s3.bucket": "a-bucket",
        "s3.file_key": "people.csv",
        "s3.content_type": "text/csv",
    }
    (path, _, _) = select_server.asked[0]
    assert path == "/a-bucket/people.csv?select&select-type=2"


def test_events_may_lie_across_the_pieces_of_the_stream(select_server, whole):
    stream = b"".join(whole)
    select_server.answers = [(200, [stream[at : at + 7] for at in range(0, len(stream), 7)])]
    assert select(select_server).payload.read() == b"Ann\nBob\n"


def test_an_empty_result_is_an_empty_document(select_server, events):
    select_server.answers = [(200, [events("Stats", b"<Stats/>", content_type="text/xml"), events("End")])]
    assert select(select_server).payload.read() == b""


def test_the_options_arrive_with_the_names_of_the_service(select_server, whole):
    select_server.answers = [(200, whole)]
    select(
        select_server,
        compression="gzip",
        csv_input={"file_header_info": "use", "field_delimiter": ";", "allow_quoted_record_delimiter": True},
        output_format="csv",
        csv_output={"quote_fields": "always", "record_delimiter": "|"},
    )
    assert asked(select_server) == {
        "Expression": EXPRESSION,
        "ExpressionType": "SQL",
        "InputSerialization": {
            "CompressionType": "GZIP",
            "CSV": {"FileHeaderInfo": "USE", "FieldDelimiter": ";", "AllowQuotedRecordDelimiter": "true"},
        },
        "OutputSerialization": {"CSV": {"QuoteFields": "ALWAYS", "RecordDelimiter": "|"}},
    }


@pytest.mark.parametrize(
    ("options", "read", "written"),
    [
        ({"format": "json"}, {"CompressionType": "NONE", "JSON": {"Type": "DOCUMENT"}}, {"CSV": None}),
        (
            {"format": "json", "json_input": {"type": "lines"}, "output_format": "json"},
            {"CompressionType": "NONE", "JSON": {"Type": "LINES"}},
            {"JSON": None},
        ),
        ({"format": "parquet"}, {"CompressionType": "NONE", "Parquet": None}, {"CSV": None}),
        ({}, {"CompressionType": "NONE", "CSV": {"FileHeaderInfo": "NONE"}}, {"CSV": None}),
    ],
)
def test_every_format_is_asked_for(select_server, whole, options, read, written):
    select_server.answers = [(200, whole)]
    select(select_server, **options)
    assert asked(select_server)["InputSerialization"] == read
    assert asked(select_server)["OutputSerialization"] == written


def test_a_customers_key_travels_in_headers_and_nowhere_else(select_server, whole):
    key = os.urandom(32)
    select_server.answers = [(200, whole)]
    select(select_server, encryption_key=base64.b64encode(key).decode())
    (_, headers, body) = select_server.asked[0]
    assert headers["x-amz-server-side-encryption-customer-algorithm"] == "AES256"
    assert headers["x-amz-server-side-encryption-customer-key"] == base64.b64encode(key).decode()
    digest = base64.b64encode(hashlib.md5(key).digest()).decode()
    assert headers["x-amz-server-side-encryption-customer-key-MD5"] == digest
    assert base64.b64encode(key) not in body


def test_a_stream_without_its_end_is_asked_for_again(select_server, whole):
    select_server.answers = [(200, whole[:-1]), (200, whole)]
    assert select(select_server).payload.read() == b"Ann\nBob\n"
    assert select_server.select.runtime.waits == [0]


@pytest.mark.parametrize("missing", [1, 2, 5])
def test_a_stream_that_never_ends_well_fails_the_document(select_server, whole, missing):
    select_server.answers = [(200, whole[:-missing])]
    with pytest.raises(DocumentError, match="without its End event") as caught:
        select(select_server, connection={"retry": {"waits": []}})
    assert caught.value.code == "TruncatedEventStream"
    assert "people.csv" in str(caught.value)


def test_a_cut_inside_an_event_is_not_taken_for_the_end(select_server, whole):
    stream = b"".join(whole)
    select_server.answers = [(200, [stream[: len(whole[0]) + 5], None])] * 7
    with pytest.raises(DocumentError):
        select(select_server)
    assert len(select_server.asked) == 7


def test_a_damaged_event_is_noticed_and_asked_for_again(select_server, whole):
    damaged = [whole[0].replace(b"Ann", b"Amn"), *whole[1:]]
    select_server.answers = [(200, damaged), (200, whole)]
    assert select(select_server).payload.read() == b"Ann\nBob\n"
    select_server.answers = [(200, damaged)]
    with pytest.raises(DocumentError, match="damaged") as caught:
        select(select_server, connection={"retry": {"waits": []}})
    assert caught.value.code == "DamagedEventStream"


def test_an_error_event_fails_the_document_with_its_code_and_text(select_server, whole, events):
    select_server.answers = [(200, [whole[0], events.error("CastFailed", "cannot cast here")])]
    with pytest.raises(ApplicationError, match="CastFailed: cannot cast here") as caught:
        select(select_server)
    assert caught.value.code == "CastFailed"
    assert len(select_server.asked) == 1


def test_an_error_event_of_the_services_own_trouble_is_retried(select_server, whole, events):
    select_server.answers = [(200, [whole[0], events.error("InternalError", "sorry")]), (200, whole)]
    assert select(select_server).payload.read() == b"Ann\nBob\n"
    assert len(select_server.asked) == 2


def test_a_refused_expression_is_passed_on_with_the_services_words(select_server):
    body = b"<Error><Code>ParseUnexpectedToken</Code><Message>unexpected token GROUP</Message></Error>"
    select_server.answers = [(400, [body])]
    with pytest.raises(ApplicationError, match="unexpected token GROUP") as caught:
        select(select_server)
    assert caught.value.code == "ParseUnexpectedToken"


@pytest.mark.parametrize(
    ("status", "code"), [(405, "MethodNotAllowed"), (501, "NotImplemented"), (400, "UnsupportedOperation")]
)
def test_a_service_without_select_is_an_error_that_names_the_other_engine(select_server, status, code):
    body = f"<Error><Code>{code}</Code><Message>not here</Message></Error>".encode()
    select_server.answers = [(status, [body])]
    with pytest.raises(ApplicationError, match="engine: local") as caught:
        select(select_server)
    assert caught.value.code == code
    assert select_server.select.runtime.waits == []
