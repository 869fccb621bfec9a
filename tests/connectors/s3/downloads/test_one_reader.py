"""A large object for one reader stays in S3 until it reads, where a fetch would have given it the same."""

import pytest

from connector_sdk import DocumentError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule


def gets(proxy):
    return [each.header("Range") for each in proxy.exchanges if each.method == "GET"]


def test_it_comes_when_it_is_read_and_in_no_file_before(filled, fetched, content, runtime):
    with FaultProxy(filled.url) as proxy:
        payload, answer = fetched(proxy.url, to_one_reader=True, checksums="when_required")
        asked = gets(proxy)
        found = payload.read()

    assert asked == [None]
    assert answer["ContentLength"] == payload.size == len(content)
    assert found == content
    assert list(runtime.folder.iterdir()) == []
    assert len(gets(proxy)) > 1


def test_it_is_fetched_where_there_is_a_checksum_to_compare(filled, fetched, content, runtime):
    payload, answer = fetched(filled.url, to_one_reader=True)

    assert answer["ChecksumCRC32"]
    assert len(list(runtime.folder.iterdir())) == 1
    assert payload.read() == content


def test_it_is_fetched_from_a_store_that_promises_no_ranges(filled, fetched, content):
    whole = Answer(200, headers=(("ETag", f'"{"0" * 32}"'),), body=content)
    with FaultProxy(filled.url, Rule(whole, method="GET")) as proxy:
        payload, _ = fetched(proxy.url, to_one_reader=True, checksums="when_required")

    assert payload.read() == content


def test_one_that_is_replaced_before_it_is_read_fails_there(filled, fetched):
    payload, _ = fetched(filled.url, to_one_reader=True, checksums="when_required")
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=b"other" * 500_000)

    with pytest.raises(DocumentError) as caught:
        payload.read()

    assert caught.value.code == "ObjectChanged"


def test_a_refusal_of_the_source_is_none_of_the_readers_own_system(filled, fetched):
    denied = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    with FaultProxy(filled.url, Rule(denied, header="Range")) as proxy:
        payload, _ = fetched(proxy.url, to_one_reader=True, checksums="when_required")
        with pytest.raises(DocumentError) as caught:
            payload.read()

    assert (type(caught.value), caught.value.code) == (DocumentError, "AccessDenied")
