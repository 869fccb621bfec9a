import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule


def test_an_object_becomes_a_document_with_what_s3_tells(store, document):
    store.api.put_object(Bucket=store.bucket, Key="a/b.csv", Body=b"x,y", ContentType="text/csv")

    (fetched,) = store.one("get", document("a/b.csv", properties={"order": "7"}))

    assert fetched.payload.read() == b"x,y"
    assert fetched.properties == {"order": "7"}
    head = store.api.head_object(Bucket=store.bucket, Key="a/b.csv")
    assert dict(fetched.tracked) == {
        "s3.bucket": store.bucket,
        "s3.file_key": "a/b.csv",
        "s3.content_type": "text/csv",
        "s3.etag": head["ETag"].strip('"'),
        "s3.size": "3",
        "s3.last_modified": head["LastModified"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "s3.checksum": fetched.tracked["s3.checksum"],
    }
    assert fetched.tracked["s3.checksum"].startswith("CRC32:")


def test_the_parameter_id_wins_over_the_property(store, document):
    store.api.put_object(Bucket=store.bucket, Key="right", Body=b"right")

    (fetched,) = store.one("get", document("wrong"), parameters={"id": "right"})

    assert fetched.payload.read() == b"right"


def test_a_document_that_names_no_object_fails_by_saying_how_to_name_one(store, document):
    (result,) = store.run("get", document())

    assert result.error.code == "NoKey"
    assert "parameter id" in str(result.error)
    assert "s3.file_key" in str(result.error)


def test_a_missing_object_fails_its_document_alone(store, document):
    store.api.put_object(Bucket=store.bucket, Key="there", Body=b"x")

    missing, there = store.run("get", document("missing"), document("there"))

    assert missing.error.code == "NoSuchKey"
    assert "get of key 'missing'" in str(missing.error)
    assert there.error is None


@pytest.mark.parametrize(("status", "code"), [(404, "NoSuchKey"), (405, "MethodNotAllowed")])
def test_a_deleted_object_is_told_apart_from_a_missing_one(store, document, status, code):
    body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    deleted = Answer(status, headers=(("x-amz-delete-marker", "true"),), body=body)
    with FaultProxy(store.url, Rule(deleted, path="/k")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert result.error.code == "DeleteMarker"
    assert code in str(result.error)


def test_a_missing_bucket_fails_the_document(store, document):
    (result,) = store.run("get", document("k"), object_type="no-such-bucket-here")

    assert result.error.code == "NoSuchBucket"


def test_tags_become_dynamic_properties_where_that_is_wanted(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x", Tagging="class=secret&unit=a%20b")

    (tagged,) = store.one("get", document("k", properties={"class": "old", "kept": "1"}), include_tagging=True)
    (plain,) = store.one("get", document("k"))

    assert tagged.properties == {"class": "secret", "unit": "a b", "kept": "1"}
    assert plain.properties == {}


def test_what_the_input_carried_is_not_taken_for_the_answer(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")

    (fetched,) = store.one("get", document("k", etag="old", size="999"))

    assert fetched.tracked["s3.etag"] != "old"
    assert fetched.tracked["s3.size"] == "1"


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_large_objects_lie_in_files_and_small_ones_in_memory(store, document, size):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=bytes(size))

    (fetched,) = store.one("get", document("k"))

    assert fetched.payload.size == size
    assert (fetched.payload.path is not None) == (size > 65536)
