"""Many documents in one thread: nobody waits for the other, whatever the other waits for."""

import threading

import pytest

from connector_sdk import Cancelled
from connector_sdk.fault_proxy import Answer, FaultProxy, Hold, Rule
from connector_sdk.loop import Loop
from connector_sdk.runtime import LocalRuntime
from connectors.s3.operations.get import Get
from connectors.s3.operations.head import Head
from connectors.s3.operations.upsert import Upsert

SLOW_DOWN = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>")

BEYOND_ASCII = "attachment; filename=Zoë"
"""Sent by botocore alone."""


@pytest.fixture
def runtime(tmp_path):
    """One whose waits take their time."""
    folder = tmp_path / "payloads"
    folder.mkdir()
    return LocalRuntime(folder)


@pytest.fixture
def begin(request_for):
    """Begins an operation for each document, all in one loop which the test ends."""

    def begin(operation, client, *documents):
        loop = Loop(2)
        requests = [request_for(type(operation), each) for each in documents]
        tasks = [loop.start(lambda each=each: list(operation.execute(client, each))) for each in requests]
        return loop, tasks

    return begin


def documents(document, count):
    return [document(str(number), b"x" * 4096) for number in range(count)]


@pytest.mark.parametrize("operation", [Upsert, Get, Head])
def test_operations_say_that_they_are_cooperative_where_requests_are_direct(operation, store, open_client):
    made = operation(object_type=store.bucket)
    assert made.is_cooperative(open_client(store.url))
    assert not made.is_cooperative(open_client(store.url, requests="botocore"))
    assert not made.is_cooperative(open_client(store.url, proxy="http://127.0.0.1:1"))


def test_tags_are_read_without_direct_requests(store, open_client):
    assert not Get(object_type=store.bucket, include_tagging=True).is_cooperative(open_client(store.url))


def test_a_server_that_does_not_answer_one_serves_the_others(store, document, open_client, begin):
    hold = Hold(threading.Event())
    with FaultProxy(store.url, Rule(hold, method="PUT", path=f"/{store.bucket}/3")) as proxy:
        loop, tasks = begin(Upsert(object_type=store.bucket), open_client(proxy.url), *documents(document, 8))
        while loop.busy > 1:
            assert loop.turn(30)
        assert [number for number, task in enumerate(tasks) if not task.is_done] == [3]
        hold.release.set()
        loop.finish()
    assert sorted(store.listed()) == list("01234567")
    assert all(task.is_well for task in tasks)


def test_the_others_go_on_while_one_waits_on_its_ladder(store, document, open_client, begin, runtime):
    with FaultProxy(store.url, Rule(SLOW_DOWN, method="PUT", path=f"/{store.bucket}/0")) as proxy:
        client = open_client(proxy.url, retry={"waits": [600]})
        loop, tasks = begin(Upsert(object_type=store.bucket), client, *documents(document, 6))
        while loop.busy > 1:
            loop.turn(30)
        assert [task.is_done for task in tasks] == [False, True, True, True, True, True]
        runtime.stop()
        loop.finish()
    with pytest.raises(Cancelled):
        tasks[0].result()
    assert sorted(store.listed()) == list("12345")


def test_the_region_of_a_bucket_is_asked_for_once_by_all_who_begin_together(store, document, open_client, begin):
    with FaultProxy(store.url) as proxy:
        loop, tasks = begin(Upsert(object_type=store.bucket), open_client(proxy.url), *documents(document, 8))
        loop.finish()
        asked = [each for each in proxy.exchanges if each.method == "HEAD"]
    assert all(task.is_well for task in tasks)
    assert len(asked) == 1


def test_more_documents_than_connections_take_turns(store, document, open_client, begin):
    client = open_client(store.url, max_connections=2)
    loop, tasks = begin(Upsert(object_type=store.bucket), client, *documents(document, 30))
    loop.finish()
    assert all(task.is_well for task in tasks)
    assert len(store.listed()) == 30


def test_a_store_that_asks_for_less_gets_it_and_everything_arrives(store, document, open_client, begin):
    rules = [Rule(SLOW_DOWN, method="PUT", on=(number,)) for number in range(1, 9)]
    with FaultProxy(store.url, *rules) as proxy:
        client = open_client(proxy.url, retry={"waits": [0.01] * 10}, max_connections=8)
        loop, tasks = begin(Upsert(object_type=store.bucket), client, *documents(document, 20))
        loop.finish()
    assert all(task.is_well for task in tasks)
    assert len(store.listed()) == 20


def test_a_large_object_goes_aside(store, document, large, open_client, begin):
    hold = Hold(threading.Event())
    with FaultProxy(store.url, Rule(hold, query="partNumber=2")) as proxy:
        client = open_client(proxy.url)
        loop, _ = begin(Upsert(object_type=store.bucket), client, document("large", large), *documents(document, 4))
        while loop.busy > 1:
            assert loop.turn(30)
        assert hold.reached.wait(30)
        hold.release.set()
        loop.finish()
    assert store.content("large") == large.read()
    assert sorted(store.listed()) == ["0", "1", "2", "3", "large"]


def test_contents_arrive_whole_and_in_their_documents(store, document, open_client, begin):
    contents = {str(number): bytes([number]) * (1 + 40_000 * number) for number in range(12)}
    for key, content in contents.items():
        store.api.put_object(Bucket=store.bucket, Key=key, Body=content)
    loop, tasks = begin(Get(object_type=store.bucket), open_client(store.url), *map(document, contents))
    loop.finish()
    assert {key: task.result()[0].payload.read() for key, task in zip(contents, tasks, strict=True)} == contents


def test_tls_is_negotiated_side_by_side(secure_server, authority, document, open_client, begin):
    url = f"https://127.0.0.1:{secure_server.server_address[1]}"
    client = open_client(url, verify_tls=str(authority[0]), addressing="path")
    loop, tasks = begin(Upsert(object_type="bucket"), client, *documents(document, 6))
    loop.finish()
    assert all(task.is_well for task in tasks)
    puts = sorted(path for method, path, _ in secure_server.seen if method == "PUT")
    assert puts == [f"/bucket/{number}" for number in range(6)]


def test_a_request_that_only_botocore_sends_goes_aside(store, document, open_client, begin):
    with FaultProxy(store.url) as proxy:
        operation = Upsert(object_type=store.bucket, content_disposition=BEYOND_ASCII)
        loop, tasks = begin(operation, open_client(proxy.url), *documents(document, 4))
        loop.finish()
        (agent,) = {each.header("User-Agent").split("/")[0] for each in proxy.exchanges if each.method == "PUT"}
    assert all(task.is_well for task in tasks)
    assert agent == "Botocore"


def test_large_objects_and_requests_through_botocore_do_not_wait_for_one_another(
    store, document, large, open_client, begin
):
    """The large ones have all threads and wait for turns; the small ones have all turns and want threads."""
    operation = Upsert(object_type=store.bucket, content_disposition=BEYOND_ASCII, part_size=5)
    some = [document("large-1", large), document("large-2", large), *documents(document, 12)]
    loop, tasks = begin(operation, open_client(store.url, max_connections=2), *some)
    loop.finish()
    assert all(task.is_well for task in tasks)
    assert store.content("large-2") == large.read()


def test_what_is_asked_between_two_documents_does_not_wait_for_their_turns_for_ever(
    store, document, open_client, begin, request_for
):
    """As an expression of the next document does that calls the same connection."""
    client, head = open_client(store.url, max_connections=2), Head(object_type=store.bucket)
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"")
    loop, tasks = begin(Upsert(object_type=store.bucket), client, *documents(document, 6))
    (found,) = head.execute(client, request_for(Head, document("k")))
    loop.finish()
    assert found.tracked["s3.size"] == "0"
    assert all(task.is_well for task in tasks)
