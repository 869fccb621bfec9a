import logging

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connectors.s3.operations.upsert import Upsert

REFUSED = Answer(
    400, body=b"<Error><Code>InvalidRequest</Code><Message>x-amz-checksum-crc32 is not supported</Message></Error>"
)
UNIMPLEMENTED = Answer(501, body=b"<Error><Code>NotImplemented</Code><Message>no such header</Message></Error>")
WRONG = Answer(400, body=b"<Error><Code>InvalidArgument</Code><Message>wrong</Message></Error>")
CHECKSUM = "x-amz-checksum-crc32"


def sent(proxy):
    return [each.header(CHECKSUM) is not None for each in proxy.exchanges if each.method == "PUT"]


def lines(caplog):
    return [each.getMessage() for each in caplog.records if "without them" in each.getMessage()]


def test_checksums_are_sent_and_kept_by_default(store, document):
    with FaultProxy(store.url) as proxy:
        (stored,) = store.through(proxy.url).one("upsert", document("k", b"hello"))

    assert sent(proxy) == [True]
    assert stored.tracked["s3.checksum"] == "CRC32:NhCmhg=="


@pytest.mark.parametrize("refusal", [REFUSED, UNIMPLEMENTED])
def test_a_store_that_refuses_checksums_is_served_without_them(store, document, caplog, refusal):
    caplog.set_level(logging.INFO)
    with FaultProxy(store.url, Rule(refusal, method="PUT", header=CHECKSUM)) as proxy:
        results = store.through(proxy.url).run("upsert", document("a", b"1"), document("b", b"2"))

    assert [each.error for each in results] == [None, None]
    assert sent(proxy) == [True, False, False]
    assert store.content("b") == b"2"
    assert len(lines(caplog)) == 1
    assert store.runtime.waits == []


def test_parts_go_without_checksums_too(store, document, large):
    with FaultProxy(store.url, Rule(REFUSED, header="x-amz-checksum-algorithm")) as proxy:
        store.through(proxy.url).one("upsert", document("k", large), part_size=5)

    assert sent(proxy) == [False] * 5
    assert store.content("k") == large.read()


def test_a_store_that_refuses_for_another_reason_keeps_its_checksums(store, document, caplog):
    with FaultProxy(store.url, Rule(REFUSED, method="PUT", on=(1, 2))) as proxy:
        first, second = store.through(proxy.url).run("upsert", document("a"), document("b"))

    assert (first.error.code, second.error) == ("InvalidRequest", None)
    assert sent(proxy) == [True, False, True]
    assert lines(caplog) == []


def test_other_refusals_are_not_tried_again(store, document):
    with FaultProxy(store.url, Rule(WRONG, method="PUT")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("a"))

    assert result.error.code == "InvalidArgument"
    assert sent(proxy) == [True]


def test_always_means_always(store, document):
    with FaultProxy(store.url, Rule(REFUSED, method="PUT", header=CHECKSUM)) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("a"), connection={"checksums": "always"})

    assert result.error.code == "InvalidRequest"
    assert sent(proxy) == [True]


def test_when_required_sends_none(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("a"), connection={"checksums": "when_required"})

    assert sent(proxy) == [False]


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA1", "CRC32"])
def test_the_operation_may_choose_the_algorithm(store, document, algorithm):
    (stored,) = store.one("upsert", document("k", b"hello"), checksum=algorithm)

    assert stored.tracked["s3.checksum"].startswith(f"{algorithm}:")


def test_a_body_whose_checksum_is_wrong_is_fetched_again_without_trust_in_the_stores_checksums(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"hello")
    lie = Answer(200, headers=(("x-amz-checksum-crc32", "AAAAAA=="),), body=b"hello")
    with FaultProxy(store.url, Rule(lie, method="GET", path="/k")) as proxy:
        (fetched,) = store.through(proxy.url).one("get", document("k"))

    assert fetched.payload.read() == b"hello"
    assert len([each for each in proxy.exchanges if each.method == "GET"]) == 2


def test_a_body_whose_checksum_is_wrong_is_retried_where_checksums_are_certain(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"hello")
    lie = Answer(200, headers=(("x-amz-checksum-crc32", "AAAAAA=="),), body=b"hallo")
    with FaultProxy(store.url, Rule(lie, method="GET", path="/k", on=(1,))) as proxy:
        (fetched,) = store.through(proxy.url).one("get", document("k"), connection={"checksums": "always"})

    assert fetched.payload.read() == b"hello"
    assert store.runtime.waits == [0]


@pytest.mark.parametrize("name", ["CRC32C", "CRC64NVME"])
def test_an_algorithm_that_cannot_be_computed_here_says_what_to_install(monkeypatch, name):
    monkeypatch.setattr("connectors.s3.service.checksums.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"pip install 'process-runner\[crt\]'"):
        Upsert.load({"object_type": "a-bucket", "checksum": name})
