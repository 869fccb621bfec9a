import base64

import pytest

from connector_sdk import DocumentError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule


def errors(results):
    return [each.error and each.error.code for each in results]


def partial(*failures):
    entries = "".join(f"<Error><Key>{key}</Key><Code>{code}</Code></Error>" for key, code in failures)
    return Answer(200, body=f"<DeleteResult>{entries}</DeleteResult>".encode())


def test_1001_objects_go_in_two_requests(store, document):
    keys = [f"{number:05}" for number in range(1001)]
    store.fill(keys)
    with FaultProxy(store.url) as proxy:
        results = store.through(proxy.url).run("delete", *map(document, keys))

    assert [each.method for each in proxy.exchanges] == ["HEAD", "POST", "POST"]
    assert errors(results) == [None] * 1001
    assert store.listed() == []


def test_one_key_that_s3_refuses_fails_its_document_alone(store, document):
    with FaultProxy(store.url, Rule(partial(("b", "AccessDenied")), method="POST")) as proxy:
        results = store.through(proxy.url).run("delete", document("a"), document("b"), document("c"))

    assert errors(results) == [None, "AccessDenied", None]
    assert "delete of key 'b'" in str(results[1].error)
    assert store.runtime.waits == []


@pytest.mark.parametrize("code", ["InternalError", "SlowDown"])
def test_keys_that_failed_for_a_moment_are_tried_again_without_the_others(store, document, code):
    rule = Rule(partial(("b", code), ("c", "AccessDenied")), method="POST", on=(1,))
    with FaultProxy(store.url, rule, Rule(partial(), method="POST")) as proxy:
        results = store.through(proxy.url).run("delete", document("a"), document("b"), document("c"))

    assert errors(results) == [None, None, "AccessDenied"]
    assert store.runtime.waits == [0]
    lengths = [int(each.header("Content-Length")) for each in proxy.exchanges if each.method == "POST"]
    assert lengths[1] < lengths[0]


def test_keys_that_keep_failing_fail_after_the_ladder(store, document):
    with FaultProxy(store.url, Rule(partial(("b", "InternalError")), method="POST")) as proxy:
        results = store.through(proxy.url).run("delete", document("a"), document("b"))

    assert errors(results) == [None, "InternalError"]
    assert store.runtime.waits == [0, 10, 30, 60, 120, 300]
    assert "'b'" in str(results[1].error)


def test_an_error_of_a_key_nobody_asked_for_fails_every_document(store, document):
    with FaultProxy(store.url, Rule(partial(("z", "AccessDenied")), method="POST")) as proxy:
        results = store.through(proxy.url).run("delete", document("a"), document("b"))

    assert errors(results) == ["AccessDenied", "AccessDenied"]


def test_a_refused_batch_fails_each_of_its_documents_by_name(store, document):
    refused = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    with FaultProxy(store.url, Rule(refused, method="POST")) as proxy:
        results = store.through(proxy.url).run("delete", document("a"), document("b"))

    assert errors(results) == ["AccessDenied", "AccessDenied"]
    assert ["'a'" in str(results[0].error), "'b'" in str(results[1].error)] == [True, True]


def test_documents_are_grouped_by_their_buckets(store, document, api):
    other = f"{store.bucket[:50]}-2"
    api.create_bucket(Bucket=other)
    buckets = [store.bucket, other, store.bucket, other, "no-such-bucket-at-all"]
    for bucket in buckets[:4]:
        api.put_object(Bucket=bucket, Key="k", Body=b"x")
    with FaultProxy(store.url) as proxy:
        documents = [document("k", bucket=bucket) for bucket in buckets]
        results = store.through(proxy.url).run("delete", *documents, object_type="dynamic-bucket")

    assert errors(results) == [None] * 4 + ["NoSuchBucket"]
    assert [each.path.strip("/") for each in proxy.exchanges if each.method == "POST"] == [
        store.bucket, other, "no-such-bucket-at-all"
    ]  # fmt: skip
    assert "Contents" not in api.list_objects_v2(Bucket=other)


def test_a_document_without_a_key_or_a_legal_bucket_fails_alone(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    documents = document("k", bucket=store.bucket), document(bucket=store.bucket), document("k", bucket="No_Bucket")

    results = store.run("delete", *documents, object_type="dynamic-bucket")

    assert errors(results) == [None, "NoKey", "InvalidBucketName"]
    assert store.listed() == []


def test_a_version_that_is_named_goes_alone(store, document):
    store.api.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    old = store.api.put_object(Bucket=store.bucket, Key="k", Body=b"old")["VersionId"]
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"new")

    store.run("delete", document("k", version_id=old))

    listed = store.api.list_object_versions(Bucket=store.bucket)
    assert [each["IsLatest"] for each in listed["Versions"]] == [True]
    assert "DeleteMarkers" not in listed
    assert store.content("k") == b"new"


def test_the_same_key_twice_is_no_error(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")

    assert errors(store.run("delete", document("k"), document("k"))) == [None, None]


def test_delete_gives_no_documents(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")

    (result,) = store.run("delete", document("k"))

    assert list(result.documents) == []


def test_requests_are_taken_as_they_are_needed(store, document, open_client, request_for):
    from connectors.s3.operations.delete import Delete

    taken = []

    def requests():
        for number in range(2000):
            taken.append(number)
            yield request_for(Delete, document(str(number)))

    results = Delete(object_type=store.bucket).execute_batch(open_client(store.url), requests())
    next(results)

    assert len(taken) == 1000
    assert all(not isinstance(each.error, DocumentError) for each in results)
    assert len(taken) == 2000


def test_other_stores_get_the_digest_that_older_ones_demand(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).run("delete", document("k"))

    digest = proxy.exchanges[-1].header("Content-MD5")
    assert len(base64.b64decode(digest)) == 16
