"""Which engine answers, and the local one on objects in a server."""

import base64
import bz2
import gzip
import io
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector_sdk import ApplicationError, Cancelled, ConfigError, DocumentError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, Hold, Reset, Rule
from connectors.s3.operations.select import Select
from connectors.s3.select.object import Interruptible

PEOPLE = b"name,age\nAnn,30\nBob,7\n"
ADULTS = "SELECT s.name FROM S3Object s WHERE s.age > 10"
WITH_HEADER = {"csv_input": {"file_header_info": "use"}}
NO_SELECT = [
    (405, "MethodNotAllowed"),
    (501, "NotImplemented"),
    (501, "InternalFailure"),
    (400, "UnsupportedOperation"),
]


def refusal(status, code):
    return Answer(status, body=f"<Error><Code>{code}</Code><Message>no Select</Message></Error>".encode())


def selects(proxy):
    return [each for each in proxy.exchanges if "select" in each.query]


@pytest.mark.parametrize(("status", "code"), NO_SELECT)
def test_auto_goes_local_where_the_service_has_no_select_and_remembers_it(service, put, document, status, code):
    put("people.csv", PEOPLE)
    with FaultProxy(service.url, Rule(refusal(status, code), query="select")) as proxy:
        results = service.at(proxy.url).run(
            document("people.csv"), document("people.csv"), expression=ADULTS, **WITH_HEADER
        )
    assert [result.documents[0].payload.read() for result in results] == [b"Ann\n", b"Ann\n"]
    assert [(each.method, each.status) for each in selects(proxy)] == [("POST", status)]
    assert service.runtime.waits == []


def test_that_select_runs_here_is_said_once_for_requests_that_are_under_way_together(
    service, put, document, open_client, request_for, caplog
):
    caplog.set_level(logging.INFO)
    put("people.csv", PEOPLE)
    held = [Hold(threading.Event(), then=refusal(405, "MethodNotAllowed")) for _ in range(4)]
    rules = [Rule(each, query="select", on=(number,)) for number, each in enumerate(held, 1)]
    with FaultProxy(service.url, *rules) as proxy, ThreadPoolExecutor(4) as pool:
        client = open_client(proxy.url)
        select = Select.load({"object_type": service.bucket, "expression": ADULTS, **WITH_HEADER})
        serve = [
            pool.submit(lambda: list(select.execute(client, request_for(Select, document("people.csv"))))) for _ in held
        ]
        assert all(each.reached.wait(30) for each in held)
        for each in held:
            each.release.set()
        results = [each.result() for each in serve]

    assert [each.payload.read() for (each,) in results] == [b"Ann\n"] * 4
    assert len([each for each in caplog.records if "runs locally" in each.getMessage()]) == 1


def test_what_is_remembered_ends_with_the_client(service, put, document):
    put("people.csv", PEOPLE)
    with FaultProxy(service.url, Rule(refusal(405, "MethodNotAllowed"), query="select")) as proxy:
        for _ in range(2):
            assert service.at(proxy.url).text(document("people.csv"), expression=ADULTS, **WITH_HEADER) == "Ann\n"
    assert len(selects(proxy)) == 2


def test_auto_does_not_go_local_for_any_other_refusal(service, put, document):
    put("people.csv", PEOPLE)
    with (
        FaultProxy(service.url, Rule(refusal(403, "AccessDenied"), query="select")) as proxy,
        pytest.raises(ApplicationError, match="AccessDenied"),
    ):
        service.at(proxy.url).one(document("people.csv"), expression=ADULTS)
    assert len(selects(proxy)) == 1


def test_auto_takes_the_services_answer_where_there_is_one(select_server, events):
    stream = [events("Records", b"from the service", content_type="application/octet-stream"), events("End")]
    select_server.answers = [(200, stream)]
    assert select_server.select.text(expression=ADULTS, parameters={"id": "people.csv"}) == "from the service"


def test_local_never_asks_the_service_to_select(service, put, document):
    put("people.csv", PEOPLE)
    with FaultProxy(service.url) as proxy:
        got = service.at(proxy.url).text(document("people.csv"), engine="local", expression=ADULTS, **WITH_HEADER)
    assert got == "Ann\n"
    assert [each.method for each in proxy.exchanges if each.path.endswith("people.csv")] == ["GET"]
    assert selects(proxy) == []


@pytest.mark.parametrize(("compression", "compress"), [("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_a_compressed_object_is_decompressed_on_the_way(service, put, compression, compress):
    put("people", compress(PEOPLE))
    got = service.text(
        engine="local", expression=ADULTS, compression=compression, parameters={"id": "people"}, **WITH_HEADER
    )
    assert got == "Ann\n"


def test_json_becomes_json_lines(service, put):
    put("people.json", b'[{"name": "Ann", "age": 30}, {"name": "Bob", "age": 7}]')
    document = service.one(
        engine="local",
        format="json",
        output_format="json",
        expression="SELECT s.name FROM S3Object[*][*] s WHERE s.age > 10",
        parameters={"id": "people.json"},
    )
    assert document.payload.read() == b'{"name":"Ann"}\n'
    assert document.tracked["s3.content_type"] == "application/x-ndjson"


def test_a_parameter_wins_over_the_option(service, put):
    put("people.csv", PEOPLE)
    got = service.text(
        engine="local",
        expression="SELECT 1 FROM S3Object",
        parameters={"id": "people.csv", "expression": ADULTS},
        **WITH_HEADER,
    )
    assert got == "Ann\n"


def test_a_document_keeps_its_properties_and_says_where_the_results_come_from(service, put, document):
    put("people.csv", PEOPLE)
    given = document("people.csv", b"ignored", {"order": "7"}, folder="f")
    result = service.one(given, engine="local", expression=ADULTS, **WITH_HEADER)
    assert result.properties == {"order": "7"}
    assert result.tracked == {
        "s3.bucket": service.bucket,
        "s3.file_key": "people.csv",
        "s3.content_type": "text/csv",
        "s3.folder": "f",
    }


def test_the_bucket_may_come_from_the_document(service, put, document):
    put("people.csv", PEOPLE)
    given = document("people.csv", bucket=service.bucket)
    got = service.text(given, object_type="dynamic-bucket", engine="local", expression=ADULTS, **WITH_HEADER)
    assert got == "Ann\n"


def test_a_missing_object_is_the_services_refusal(service):
    with pytest.raises(ApplicationError) as caught:
        service.one(engine="local", expression=ADULTS, parameters={"id": "nothing"})
    assert caught.value.code == "NoSuchKey"


def test_a_wrong_expression_is_refused_before_anything_is_read(service, put):
    put("people.csv", PEOPLE)
    wrong = {"id": "people.csv", "expression": "SELECT a FROM S3Object GROUP BY a"}
    with FaultProxy(service.url) as proxy, pytest.raises(DocumentError, match=r"^expression:1:24: GROUP BY"):
        service.at(proxy.url).one(engine="local", parameters=wrong)
    assert [each for each in proxy.exchanges if each.path.endswith("people.csv")] == []


def test_a_wrong_expression_of_the_operation_is_found_before_anything_runs(connector):
    wrong = {"object_type": "a-bucket", "expression": "SELECT a\nFROM S3Object\nGROUP BY a"}
    with pytest.raises(ValueError, match="expression:3:1: GROUP BY is not part of S3 Select"):
        connector.actions["select"].load({**wrong, "engine": "local"})
    connector.actions["select"].load(wrong)  # the service may know better


@pytest.mark.parametrize("fault", [Cut(100_000), Reset(), Answer(500)])
def test_an_object_that_comes_in_halves_is_read_again_from_the_start(service, put, document, fault):
    lines = b"".join(b"%d\n" % number for number in range(100_000))
    put("numbers.csv", lines)
    with FaultProxy(service.url, Rule(fault, method="GET", path="numbers.csv", on=(1,))) as proxy:
        got = service.at(proxy.url).text(document("numbers.csv"), engine="local", expression="SELECT * FROM S3Object")
    assert got.encode() == lines
    assert service.runtime.waits == [0]


def test_a_limit_ends_the_reading_early(service, put, document):
    put("numbers.csv", b"1,2\n" * 4_000_000)
    got = service.text(document("numbers.csv"), engine="local", expression="SELECT s._1 FROM S3Object s LIMIT 2")
    assert got == "1\n1\n"


def test_a_run_that_is_to_end_ends_in_the_middle_of_an_object(runtime):
    source = Interruptible(io.BytesIO(b"x" * 100), runtime)
    assert source.read(10) == b"x" * 10
    runtime.stop()
    with pytest.raises(Cancelled):
        source.read(10)


def test_a_customers_key_opens_the_object_and_shows_nowhere(service, put):
    key = os.urandom(32)
    written = base64.b64encode(key).decode()
    put("secret.csv", PEOPLE, SSECustomerAlgorithm="AES256", SSECustomerKey=key)
    with FaultProxy(service.url) as proxy:
        got = service.at(proxy.url).text(
            engine="local", expression=ADULTS, encryption_key=written, parameters={"id": "secret.csv"}, **WITH_HEADER
        )
    assert got == "Ann\n"
    (fetched,) = (each for each in proxy.exchanges if each.path.endswith("secret.csv"))
    assert fetched.header("x-amz-server-side-encryption-customer-key") == written
    with pytest.raises(ApplicationError) as caught:
        service.one(engine="local", expression=ADULTS, encryption_key=written, parameters={"id": "absent"})
    assert written not in str(caught.value)


def test_parquet_without_pyarrow_says_what_to_install(service, put, monkeypatch):
    put("people.parquet", b"anything")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'process-runner\[select\]'"):
        service.one(
            engine="local", format="parquet", expression="SELECT * FROM S3Object", parameters={"id": "people.parquet"}
        )


def test_settings_that_contradict_each_other_are_refused(connector):
    operation = connector.actions["select"]
    for wrong in ({"format": "parquet", "compression": "gzip"}, {"encryption_key": "short"}, {"engine": "fast"}):
        with pytest.raises(ValueError):
            operation.load({"object_type": "a-bucket", **wrong})


def test_importing_the_operation_loads_no_parser_and_no_pyarrow():
    heavy = "{'pyarrow', 'ijson', 'lxml', 'boto3'}"
    script = f"import sys, connectors.s3.operations.select; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
