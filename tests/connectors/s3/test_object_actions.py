import json
import urllib.request

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule


def described(documents):
    (document,) = documents
    return json.loads(document.payload.read())


@pytest.fixture
def objects(store):
    store.api.put_object(Bucket=store.bucket, Key="a b+c", Body=b"bytes", ContentType="text/csv", Tagging="t=u")
    return store


def test_head_describes_an_object_without_its_bytes(objects, document):
    facts = described(objects.one("head", document("a b+c")))

    assert (facts["Key"], facts["Size"], facts["ContentType"]) == ("a b+c", 5, "text/csv")
    assert facts["StorageClass"] == "STANDARD"
    assert facts["LastModified"].endswith("Z")


def test_head_of_a_missing_object_fails_the_document(objects, document):
    (result,) = objects.run("head", document("missing"))

    assert result.error.code == "NotFound"


def test_tags_can_be_fetched(objects, document):
    assert described(objects.one("get_tags", document("a b+c")))["Tags"] == {"t": "u"}


def test_tags_are_xml_where_that_is_wanted(objects, document):
    (fetched,) = objects.one("get_tags", document("a b+c"), response_format="xml")

    assert '<Tags><Entry name="t">u</Entry></Tags>' in fetched.payload.read().decode()


@pytest.mark.parametrize("tags", [{}, {"v": "w"}, {"v": "w", "x": ""}])
def test_tags_can_be_replaced(objects, document, tags):
    objects.one("put_tags", document("a b+c"), tags=tags)

    assert described(objects.one("get_tags", document("a b+c")))["Tags"] == tags


def test_eleven_tags_cannot_be_put(objects, document):
    (result,) = objects.run("put_tags", document("a b+c"), tags={str(number): "x" for number in range(11)})

    assert result.error.code == "TooManyTags"


@pytest.mark.parametrize("key", ["a b+c", "/lead//and", "日本.txt", "a&b=c?d#e%f", "../up"])
def test_a_presigned_url_fetches_its_object(store, document, key):
    store.api.put_object(Bucket=store.bucket, Key=key, Body=b"bytes")

    url = described(store.one("presign", document(key)))["Url"]

    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"bytes"


def test_a_presigned_url_stores_an_object(store, document):
    facts = described(store.one("presign", document("k", content_type="text/csv"), method="put", expires=60))

    put = urllib.request.Request(facts["Url"], b"sent", {"Content-Type": "text/csv"}, method="PUT")
    urllib.request.urlopen(put).close()

    assert facts["Method"] == "PUT"
    assert "X-Amz-Expires=60" in facts["Url"]
    assert store.content("k") == b"sent"


def test_presigning_asks_s3_for_nothing_but_the_region(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).run("presign", document("a"), document("b"))

    assert [each.method for each in proxy.exchanges] == ["HEAD"]


def test_versions_and_delete_markers_are_listed_and_can_be_deleted(store, document):
    store.api.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"22"):
        store.api.put_object(Bucket=store.bucket, Key="k", Body=body)
    store.api.delete_object(Bucket=store.bucket, Key="k")
    store.api.put_object(Bucket=store.bucket, Key="other", Body=b"x")

    found = store.one("list_versions", parameters={"prefix": "k"})

    facts = [json.loads(each.payload.read()) for each in found]
    assert sorted((each["DeleteMarker"], each.get("Size")) for each in facts) == [(False, 1), (False, 2), (True, None)]
    assert len({each.tracked["s3.version_id"] for each in found}) == 3
    assert {each.error for each in store.run("delete", *found)} == {None}
    assert "DeleteMarkers" not in store.api.list_object_versions(Bucket=store.bucket, Prefix="k")
    assert "Versions" not in store.api.list_object_versions(Bucket=store.bucket, Prefix="k")


def test_every_page_of_versions_is_listed(store):
    store.fill(f"{number:05}" for number in range(1001))

    found = store.one("list_versions")

    assert [each.tracked["s3.file_key"] for each in found] == [f"{number:05}" for number in range(1001)]


def test_an_archived_object_is_asked_for(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x", StorageClass="GLACIER")

    store.one("restore", document("k"), days=3)

    assert "ongoing-request" in store.api.head_object(Bucket=store.bucket, Key="k")["Restore"]


def test_a_restore_that_is_under_way_is_no_failure(store, document):
    busy = Answer(409, body=b"<Error><Code>RestoreAlreadyInProgress</Code><Message>m</Message></Error>")
    with FaultProxy(store.url, Rule(busy, method="POST")) as proxy:
        (result,) = store.through(proxy.url).run("restore", document("k"), days=3, tier="Bulk")

    assert result.error is None
