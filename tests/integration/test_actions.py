"""The actions around an object: describing, copying, moving, signing, tagging, and buckets themselves."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
import uuid

import pytest

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(b"k" * 32).decode()


def told(document):
    return json.loads(document.payload.read())


def status(url, body=None):
    request = urllib.request.Request(url, body, method="PUT" if body else "GET")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_head_describes_an_object(store, document):
    store.one("upsert", document("key", b"content", content_type="text/plain"))
    head = store.one("head", document("key"))
    assert (head.tracked["s3.size"], head.tracked["s3.content_type"]) == ("7", "text/plain")
    assert store.error("head", document("missing")).code in ("NotFound", "NoSuchKey")


def test_a_copy_has_the_bytes_and_leaves_the_original(store, document):
    store.one("upsert", document("a +%/key", b"content"))
    store.one("copy", document("a +%/key"), parameters={"target-key": "copied/ü +%"})
    assert store.one("get", document("copied/ü +%")).payload.read() == b"content"
    assert sorted(store.listed()) == ["a +%/key", "copied/ü +%"]


def test_a_move_leaves_no_original(store, document):
    store.one("upsert", document("key", b"content"))
    store.one("move", document("key"), parameters={"target-key": "moved"})
    assert store.listed() == ["moved"]
    assert store.one("get", document("moved")).payload.read() == b"content"


@pytest.mark.needs("copies under customer keys")
def test_a_copy_opens_with_its_own_customers_key_alone(store, document):
    store.one("upsert", document("key", b"content"), encryption={"type": "sse-c", "key": KEY})
    target = {"encryption": {"type": "sse-c", "key": OTHER}}
    store.one("copy", document("key"), parameters={"target-key": "copy"}, encryption_key=KEY, target=target)
    assert store.one("get", document("copy"), encryption_key=OTHER).payload.read() == b"content"
    assert store.error("get", document("copy"), encryption_key=KEY)


@pytest.mark.needs("signatures")
def test_a_presigned_url_works_for_what_it_was_signed_for_alone(store, document):
    store.one("upsert", document("a b/ü", b"content"))
    url = told(store.one("presign", document("a b/ü")))["Url"]
    assert status(url) == 200
    assert status(url, b"changed") == 403
    assert status(url.replace("a%20b", "other")) == 403
    upload = told(store.one("presign", document("new"), method="put"))["Url"]
    assert status(upload, b"new") == 200
    assert store.one("get", document("new")).payload.read() == b"new"


@pytest.mark.needs("ends of presigned URLs")
def test_a_presigned_url_ends(store, document):
    store.one("upsert", document("key", b"content"))
    url = told(store.one("presign", document("key"), expires=1))["Url"]
    deadline = time.monotonic() + 20
    while status(url) != 403:
        assert time.monotonic() < deadline


@pytest.mark.needs("tags")
def test_tags_are_replaced_and_removed(store, document):
    store.one("upsert", document("key", b"content"), tags={"first": "1"})
    store.all("put_tags", document("key"), tags={"second": "2", "third": ""})
    assert told(store.one("get_tags", document("key")))["Tags"] == {"second": "2", "third": ""}
    store.all("put_tags", document("key"), tags={})
    assert told(store.one("get_tags", document("key")))["Tags"] == {}


@pytest.mark.needs("versions")
def test_versions_and_markers_are_listed_and_can_be_deleted_one_by_one(store, document):
    enabled = {"Status": "Enabled"}
    store.api.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration=enabled)
    store.all("upsert", document("key", b"one"), document("key", b"two"))
    store.all("delete", document("key"))
    listed = store.all("list_versions", document())
    assert sorted(told(each)["DeleteMarker"] for each in listed) == [False, False, True]
    store.all("delete", *listed)
    assert store.all("list_versions", document()) == []


def test_a_bucket_is_made_listed_and_removed(store, document):
    name = f"test-{uuid.uuid4()}"
    store.all("create_bucket", document(), object_type=name)
    assert store.error("delete_bucket", document(), object_type="test-no-such-bucket").code == "NoSuchBucket"
    assert name in {bucket["Name"] for bucket in store.api.list_buckets()["Buckets"]}
    store.all("delete_bucket", document(), object_type=name)
    assert name not in {bucket["Name"] for bucket in store.api.list_buckets()["Buckets"]}


def test_a_bucket_with_objects_is_not_removed(store, document):
    store.one("upsert", document("key", b"content"))
    assert store.error("delete_bucket", document()).code == "BucketNotEmpty"
    assert store.listed() == ["key"]


@pytest.mark.parametrize("engine", ["auto", "local"])
def test_select_answers_where_the_service_has_no_select(store, document, engine):
    if store.server.name == "ceph" and engine == "auto":
        pytest.skip("Ceph 16 has a Select of its own, which knows a fraction of the language")
    store.one("upsert", document("rows.csv", b"name,amount\nada,3\nbob,4\n"))
    expression = "SELECT s.name FROM S3Object s WHERE CAST(s.amount AS INT) > 3"
    options = {"csv_input": {"file_header_info": "use"}, "engine": engine}
    found = store.one("select", document("rows.csv"), expression=expression, **options)
    assert found.payload.read() == b"bob\n"
