"""Objects come back as they went."""

from __future__ import annotations

import base64
import os

import pytest

KEYS = [
    "plain", "with space", " leading", "trailing ", "a+b", "a%2Bb", "%", "%%", "100%", "%zz", "...", "..a", "~tilde",
    "a|b", "a\\b", 'a"b', "a'b", "a`b", "a<b>c", "a&b", "a&amp;b", "a;b", "a,b", "a:b", "a=b", "a?b", "a#b", "a@b",
    "a$b", "a!b", "a*b", "a(b)", "a[b]", "a{b}", "a^b", "é", "e\u0301", "ü/ö/ä", "ß", "日本語", "emoji-🙂", "👩‍👩‍👧",
    "עברית", "العربية", "\u202eoverride", "zero\u200bwidth", "nb\u00a0sp", "tab\there", "new\nline", "car\rriage",
    "bell\x07", "del\x7f", "a" * 250, "x/" * 100 + "y", "ключ", "a b+c%20d", "-dash", ".hidden", "_under", "null", "0",
]  # fmt: skip
NO_PATHS = ["a//b", "a///b", "a/./b", "a/../b", "folder/", "q?prefix=&delimiter=/", "k" * 1024]


def test_the_table_of_hostile_keys_is_long_enough():
    assert len({*KEYS, *NO_PATHS}) >= 60


@pytest.mark.parametrize(
    "keys", [KEYS, pytest.param(NO_PATHS, marks=pytest.mark.needs("any key"))], ids=["", "no paths"]
)
def test_hostile_keys_are_stored_listed_fetched_and_deleted_unchanged(store, document, keys):
    stored = store.all("upsert", *(document(key, key.encode()) for key in keys))
    assert [each.tracked["s3.file_key"] for each in stored] == keys
    assert sorted(store.listed()) == sorted(keys)
    found = store.all("query", document())
    assert sorted(each.tracked["s3.file_key"] for each in found) == sorted(keys)
    fetched = store.all("get", *found)
    assert {each.tracked["s3.file_key"]: each.payload.read() for each in fetched} == {key: key.encode() for key in keys}
    store.all("delete", *found)
    assert store.listed() == []


@pytest.mark.parametrize("size", [0, 1, 65_537, 3 << 20])
def test_bytes_and_content_type_round_trip(store, document, size):
    content = os.urandom(size)
    store.one("upsert", document("key", content, content_type="text/x-odd; charset=utf-8"))
    fetched = store.one("get", document("key"))
    assert fetched.payload.read() == content
    assert fetched.tracked["s3.content_type"] == "text/x-odd; charset=utf-8"
    assert fetched.tracked["s3.size"] == str(size)


def test_no_such_key_fails_its_document_alone(store, document):
    store.one("upsert", document("there", b"x"))
    missing, there = store.run("get", document("missing"), document("there"))
    assert (missing.error.code, there.error) == ("NoSuchKey", None)


def test_no_such_bucket_is_told(store, document):
    error = store.error("upsert", document("key", b"x"), object_type="test-no-such-bucket")
    assert error.code == "NoSuchBucket"


@pytest.mark.needs("metadata")
def test_metadata_and_headers_reach_the_object(store, document):
    store.one(
        "upsert", document("key", b"x"), metadata={"Origin": "Zürich", "x-amz-meta-lot": "7"}, cache_control="no-store"
    )
    head = store.api.head_object(Bucket=store.bucket, Key="key")
    assert head["CacheControl"] == "no-store"
    assert head["Metadata"]["lot"] == "7"
    assert set(head["Metadata"]) == {"origin", "lot"}


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_of_requests_are_accepted(store, document, algorithm):
    store.one("upsert", document("key", b"content"), checksum=algorithm)
    assert store.one("get", document("key")).payload.read() == b"content"


@pytest.mark.parametrize("checksums", ["auto", "when_required", "always"])
def test_every_checksum_mode_round_trips(store, document, checksums):
    mode = {"checksums": checksums}
    store.one("upsert", document("key", b"content"), connection=mode)
    assert store.one("get", document("key"), connection=mode).payload.read() == b"content"


@pytest.mark.needs("conditions")
def test_an_object_that_exists_is_skipped_or_fails_as_asked(store, document):
    store.one("upsert", document("key", b"first"))
    assert store.error("upsert", document("key", b"second"), if_exists="fail").code
    store.one("upsert", document("key", b"third"), if_exists="skip")
    assert store.one("get", document("key")).payload.read() == b"first"


@pytest.mark.needs("if-match")
def test_if_match_replaces_only_the_version_it_names(store, document):
    etag = store.one("upsert", document("key", b"first")).tracked["s3.etag"]
    store.one("upsert", document("key", b"second"), if_match=etag)
    assert store.error("upsert", document("key", b"third"), if_match=etag).code == "PreconditionFailed"
    assert store.one("get", document("key")).payload.read() == b"second"


KEY, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.mark.needs("customer keys")
@pytest.mark.parametrize("content", ["small", "large"])
def test_an_object_under_a_customers_key_opens_with_that_key_alone(store, document, large, content):
    payload = large if content == "large" else b"content"
    sent = document("key", payload)
    store.one("upsert", sent, encryption={"type": "sse-c", "key": KEY})
    assert store.one("get", document("key"), encryption_key=KEY).payload.read() == sent.payload.read()
    for wrong in ({}, {"encryption_key": OTHER}):
        assert KEY not in str(store.error("get", document("key"), **wrong))


def test_a_named_kms_key_is_accepted(store, document):
    store.one("upsert", document("key", b"content"), encryption={"type": "sse-kms", "key": "testkey-1"})
    assert store.one("get", document("key")).payload.read() == b"content"
