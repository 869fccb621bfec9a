"""Many objects: pages of a query, batches of a delete."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.needs("many objects")


@pytest.fixture
def crowd(store):
    """2,100 keys, in their order: two full pages, and a third."""
    keys = [f"crowd/{number:05}" for number in range(2100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.api.put_object(Bucket=store.bucket, Key=key, Body=b"x"), keys))
    return keys


def found(documents):
    return [each.tracked["s3.file_key"] for each in documents]


def test_a_query_reads_every_page_that_its_filters_leave(store, document, crowd):
    assert found(store.all("query", document())) == crowd
    store.api.put_object(Bucket=store.bucket, Key="other", Body=b"x")
    assert found(store.all("query", document(), parameters={"prefix": "crowd/000"})) == crowd[:100]
    assert found(store.all("query", document(), parameters={"start-after": crowd[2089]})) == [*crowd[2090:], "other"]


@pytest.mark.needs("batch delete")
def test_a_delete_of_more_than_one_request_leaves_nothing(store, document, crowd):
    results = store.run("delete", *(document(key) for key in crowd), document("never-there"))
    assert [result.error for result in results] == [None] * (len(crowd) + 1)
    assert store.listed() == []
