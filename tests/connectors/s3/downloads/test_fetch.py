"""Large objects arrive by ranges of one content, whatever happens to single requests."""

import threading

import pytest

from connector_sdk import Cancelled, DocumentError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, Hold, Reset, Rule
from connectors.s3.uploads import budget

UNAVAILABLE = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>")
REFUSED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")


def ranges(proxy):
    return [each.header("Range") for each in proxy.exchanges if each.method == "GET"]


@pytest.mark.parametrize("requests", ["direct", "botocore"])
def test_a_large_object_is_fetched_in_ranges_of_what_it_was(filled, fetched, content, requests):
    with FaultProxy(filled.url) as proxy:
        payload, answer = fetched(proxy.url, requests=requests)

    whole, *parts = ranges(proxy)
    assert payload.read() == content
    assert whole is None
    assert sorted(parts)[0] == "bytes=0-524287"
    assert len(set(parts)) == len(parts) == 6
    conditions = {each.header("If-Match") for each in proxy.exchanges if each.header("Range")}
    assert conditions == {answer["ETag"]}


@pytest.mark.parametrize("fault", [UNAVAILABLE, Reset(), Reset(served=True), Cut(100_000)])
def test_a_range_that_fails_is_fetched_again_and_no_other(filled, fetched, content, fault):
    with FaultProxy(filled.url, Rule(fault, header="Range: bytes=4718592-13107199", on=(1, 2))) as proxy:
        payload, _ = fetched(proxy.url)

    parts = ranges(proxy)[1:]
    assert payload.read() == content
    assert parts.count("bytes=4718592-13107199") == 3
    assert len(parts) == 8


def test_a_refused_range_fails_the_document(filled, fetched):
    refused = Rule(REFUSED, header="Range: bytes=524288-2621439")
    with FaultProxy(filled.url, refused) as proxy, pytest.raises(DocumentError) as caught:
        fetched(proxy.url)

    assert caught.value.code == "AccessDenied"


def test_a_store_without_ranges_is_asked_for_the_whole(filled, fetched, content):
    whole = Answer(200, headers=(("ETag", f'"{"0" * 32}"'),), body=content)
    with FaultProxy(filled.url, Rule(whole, method="GET")) as proxy:
        payload, _ = fetched(proxy.url)

    assert payload.read() == content


def test_an_object_that_is_replaced_meanwhile_is_fetched_as_it_is_then(filled, fetched):
    hold = Hold(threading.Event())

    def replace():
        hold.reached.wait(30)
        filled.api.put_object(Bucket=filled.bucket, Key="k", Body=b"other" * 500_000)
        hold.release.set()

    thread = threading.Thread(target=replace)
    with FaultProxy(filled.url, Rule(hold, header="Range")) as proxy:
        thread.start()
        payload, answer = fetched(proxy.url)
        thread.join()

    assert payload.read() == b"other" * 500_000
    assert answer["ContentLength"] == 2_500_000


def test_what_is_not_what_was_stored_is_fetched_again(filled, fetched, content, caplog):
    etag = filled.api.head_object(Bucket=filled.bucket, Key="k")["ETag"]
    told = (("ETag", etag), ("Content-Range", f"bytes 0-524287/{len(content)}"))
    with FaultProxy(filled.url, Rule(Answer(206, told, bytes(512 << 10)), header="Range: bytes=0-524287")) as proxy:
        payload, _ = fetched(proxy.url)

    assert payload.read() == content
    assert "FlexibleChecksum" in caplog.text


def test_a_run_that_is_to_end_fetches_no_more_and_leaves_no_file(filled, fetched, runtime):
    hold = Hold(threading.Event())

    def stop():
        hold.reached.wait(30)
        runtime.stop()
        hold.release.set()

    thread = threading.Thread(target=stop)
    with FaultProxy(filled.url, Rule(hold, header="Range: bytes=4718592-13107199")) as proxy:
        thread.start()
        with pytest.raises(Cancelled):
            fetched(proxy.url)
        thread.join()

    assert list(runtime.folder.iterdir()) == []


@pytest.mark.parametrize("fault", [None, REFUSED])
def test_all_room_is_given_back(filled, fetched, fault):
    rules = [Rule(fault, header="Range", on=(3,))] if fault else []
    with FaultProxy(filled.url, *rules) as proxy:
        if fault:
            with pytest.raises(DocumentError):
                fetched(proxy.url)
        else:
            fetched(proxy.url)

    assert budget.of_process().take(budget.WHOLE)
    budget.of_process().give(budget.WHOLE)


def test_an_object_arrives_where_there_is_no_room_for_more_than_a_block(filled, fetched, content):
    assert budget.of_process().take(budget.WHOLE)
    try:
        payload, _ = fetched(filled.url)
    finally:
        budget.of_process().give(budget.WHOLE)

    assert payload.read() == content


def test_an_object_of_a_mebibyte_more_than_the_limit_goes_by_ranges(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=bytes(65 << 20))
    with FaultProxy(store.url) as proxy:
        (found,) = store.through(proxy.url).one("get", document("k"))

    assert found.payload.size == 65 << 20
    assert len(ranges(proxy)) > 5
