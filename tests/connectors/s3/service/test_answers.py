import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connector_sdk.testing import run
from connectors.s3 import S3

REQUESTS = {
    "query": "GET",
    "list_versions": "GET",
    "get_tags": "GET",
    "list_buckets": "GET",
    "delete": "POST",
    "copy": "PUT",
}


@pytest.mark.parametrize("action", REQUESTS)
def test_an_answer_that_says_nothing_is_no_success(store, document, action):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    named = {} if action == "list_buckets" else {"object_type": store.bucket}
    target = {"target-key": "new"} if action == "copy" else None
    with FaultProxy(store.url, Rule(Answer(200), method=REQUESTS[action], on=(1,))) as proxy:
        connection = {**store.connection, "endpoint_url": proxy.url}
        operation = {"action": action, **named}
        (result,) = run(S3, connection, operation, [document("k")], target, within=store.runtime)

    assert result.error is None
    assert len([each for each in proxy.exchanges if each.method == REQUESTS[action]]) == 2
    expected = {"delete": [], "copy": ["k", "new"]}.get(action, ["k"])
    assert store.listed() == expected


def test_a_listing_that_stays_empty_fails_the_document(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    with FaultProxy(store.url, Rule(Answer(200), method="GET")) as proxy:
        (result,) = store.through(proxy.url).run("query", document())

    assert result.error.code == "UnreadableAnswer"
    assert "every retry failed" in str(result.error)
