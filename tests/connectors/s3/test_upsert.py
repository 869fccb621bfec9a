import json

import pytest


def test_a_document_becomes_the_object_its_properties_name(store, document):
    (stored,) = store.one("upsert", document(content=b"order", folder="orders/2026", file_name="1.json"))

    assert store.content("orders/2026/1.json") == b"order"
    assert stored.tracked["s3.file_key"] == "orders/2026/1.json"


def test_the_file_key_wins_over_folder_and_file_name(store, document):
    store.one("upsert", document("whole/key", b"x", folder="a", file_name="b"))

    assert store.listed() == ["whole/key"]


def test_a_folder_may_end_in_a_slash(store, document):
    store.one("upsert", document(content=b"x", folder="a/", file_name="b"))

    assert store.listed() == ["a/b"]


def test_a_document_without_a_name_gets_a_random_one_in_its_folder(store, document):
    store.run("upsert", document(content=b"1", folder="in"), document(content=b"2", folder="in"))

    assert len(set(store.listed())) == 2
    assert all(key.startswith("in/") and len(key) == 39 for key in store.listed())


def test_the_answer_names_the_object(store, document):
    (stored,) = store.one("upsert", document("k", b"order"))

    answer = json.loads(stored.payload.read())
    assert answer == {
        "Bucket": store.bucket,
        "Key": "k",
        "ETag": "70a17ffa722a3985b86d30b034ad06d7",
        "Checksum": "CRC32:9SmTmA==",
    }
    assert stored.tracked["s3.bucket"] == store.bucket
    assert stored.tracked["s3.etag"] == answer["ETag"]
    assert stored.tracked["s3.checksum"] == answer["Checksum"]
    assert stored.tracked["s3.size"] == "5"


def test_the_answer_is_xml_where_that_is_wanted(store, document):
    (stored,) = store.one("upsert", document("a&b", b"order"), response_format="xml")

    assert stored.payload.read().decode().startswith(f"<UpsertResult><Bucket>{store.bucket}</Bucket><Key>a&amp;b</Key>")


@pytest.mark.parametrize(
    ("properties", "expected"), [({}, "application/octet-stream"), ({"content_type": "text/csv"}, "text/csv")]
)
def test_the_content_type_is_the_propertys_or_the_default(store, document, properties, expected):
    store.one("upsert", document("k", b"", **properties))

    assert store.api.head_object(Bucket=store.bucket, Key="k")["ContentType"] == expected


def test_the_version_of_an_object_is_told_and_can_be_fetched(store, document):
    store.api.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    (first,) = store.one("upsert", document("k", b"old"))
    store.one("upsert", document("k", b"new"))

    (old,) = store.one("get", first)
    (new,) = store.one("get", document("k"))

    assert json.loads(first.payload.read())["VersionId"] == first.tracked["s3.version_id"]
    assert (old.payload.read(), new.payload.read()) == (b"old", b"new")
    assert old.tracked["s3.version_id"] == first.tracked["s3.version_id"] != new.tracked["s3.version_id"]


def test_the_bucket_comes_from_the_document_where_the_object_type_is_dynamic(store, document):
    store.one("upsert", document("k", b"x", bucket=store.bucket), object_type="dynamic-bucket")

    assert store.listed() == ["k"]


def test_the_documents_bucket_is_ignored_where_the_operation_names_one(store, document):
    store.one("upsert", document("k", b"x", bucket="elsewhere"))

    assert store.listed() == ["k"]


def test_a_document_that_names_no_bucket_fails_by_name(store, document):
    (result,) = store.run("upsert", document("k"), object_type="dynamic-bucket")

    assert result.error.code == "NoBucket"
    assert "s3.bucket" in str(result.error)


def test_a_key_of_1025_bytes_fails_before_it_is_sent(store, document):
    (result,) = store.run("upsert", document("é" * 512 + "x"))

    assert result.error.code == "KeyTooLongError"
    assert str(result.error) == "the key has 1025 bytes; 1024 are allowed"
    assert store.listed() == []


def test_a_key_that_is_too_long_is_not_quoted_in_part_where_a_secret_could_be_cut(store, document):
    secret = "hunter2-very-secret-token"
    (result,) = store.run("upsert", document("x" * 30 + secret + "y" * 1000))

    assert result.error.code == "KeyTooLongError"
    assert secret[:4] not in str(result.error)


def test_a_key_amazon_advises_against_is_stored_with_one_warning(store, document, caplog):
    store.run("upsert", document("a|b"), document("c~d"))

    assert store.listed() == ["a|b", "c~d"]
    assert [each.getMessage() for each in caplog.records] == [
        "key 'a|b' has '|', which Amazon advises against; keys are sent as they are"
    ]
