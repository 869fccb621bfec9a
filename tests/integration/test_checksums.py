"""Checksums and conditions, against a server that verifies and keeps them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

CRC32 = "CRC32:/sUwqQ=="
SHA256 = "SHA256:7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M="
CONTENT = b"content"


@pytest.mark.needs("checksums")
def test_the_server_refuses_a_checksum_that_is_wrong_and_accepts_ours(store, document):
    with pytest.raises(ClientError, match="BadDigest"):
        store.api.put_object(Bucket=store.bucket, Key="key", Body=CONTENT, ChecksumCRC32="AAAAAA==")
    assert store.listed() == []
    assert store.one("upsert", document("key", CONTENT)).tracked["s3.checksum"] == CRC32
    assert store.one("get", document("key")).tracked["s3.checksum"] == CRC32
    assert store.one("head", document("key")).tracked["s3.checksum"] == CRC32


@pytest.mark.needs("checksums")
def test_the_chosen_checksum_is_kept(store, document):
    assert store.one("upsert", document("key", CONTENT), checksum="SHA256").tracked["s3.checksum"] == SHA256
    assert store.one("head", document("key")).tracked["s3.checksum"] == SHA256


@pytest.mark.needs("checksums")
@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_the_checksum_of_parts_is_verified(store, document, large, algorithm):
    stored = store.one("upsert", document("key", large), part_size=5, checksum=algorithm)
    assert stored.tracked["s3.checksum"].startswith(f"{algorithm}:")
    assert store.one("head", document("key")).tracked["s3.checksum"] == stored.tracked["s3.checksum"]
    assert store.one("get", document("key")).payload.read() == large.read()


@pytest.mark.needs("conditions of parts")
def test_a_large_object_that_exists_is_skipped_or_fails_as_asked(store, document, large):
    store.one("upsert", document("key", b"first"))
    assert store.error("upsert", document("key", large), if_exists="fail").code == "PreconditionFailed"
    store.one("upsert", document("key", large), if_exists="skip")
    assert store.one("get", document("key")).payload.read() == b"first"
    assert store.unfinished() == []


@pytest.mark.needs("conditions of parts")
def test_if_match_goes_with_parts_too(store, document, large):
    etag = store.one("upsert", document("key", b"first")).tracked["s3.etag"]
    store.one("upsert", document("key", large), if_match=etag)
    assert store.error("upsert", document("key", large), if_match=etag).code == "PreconditionFailed"
    assert store.one("get", document("key")).payload.read() == large.read()
    assert store.unfinished() == []
