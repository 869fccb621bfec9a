"""Versions and tags, against servers that have them."""

from __future__ import annotations

import pytest


@pytest.fixture
def versioned(store):
    enabled = {"Status": "Enabled"}
    store.api.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration=enabled)
    return store


@pytest.mark.needs("versions")
def test_each_upsert_makes_a_version_that_get_can_name(versioned, document):
    first, second = (versioned.one("upsert", document("key", content)) for content in (b"one", b"two"))
    names = [each.tracked["s3.version_id"] for each in (first, second)]
    assert len(set(names)) == 2
    fetched = [versioned.one("get", document("key", version_id=name)) for name in names]
    assert [each.payload.read() for each in fetched] == [b"one", b"two"]
    assert [each.tracked["s3.version_id"] for each in fetched] == names
    assert versioned.one("get", document("key")).payload.read() == b"two"


@pytest.mark.needs("delete markers")
def test_a_delete_marker_is_told_from_a_key_that_never_was(versioned, document):
    versioned.one("upsert", document("key", b"content"))
    versioned.run("delete", document("key"))
    assert versioned.error("get", document("key")).code == "DeleteMarker"
    assert versioned.error("get", document("never")).code == "NoSuchKey"


@pytest.mark.needs("versions")
def test_delete_of_one_version_leaves_the_others(versioned, document):
    first, second = (versioned.one("upsert", document("key", content)) for content in (b"one", b"two"))
    (result,) = versioned.run("delete", document("key", version_id=second.tracked["s3.version_id"]))
    assert result.error is None
    assert versioned.one("get", document("key")).payload.read() == b"one"
    listed = versioned.api.list_object_versions(Bucket=versioned.bucket)
    assert [each["VersionId"] for each in listed["Versions"]] == [first.tracked["s3.version_id"]]


@pytest.mark.needs("tags")
def test_tags_reach_the_object_and_come_back_as_properties(store, document):
    tags = {"class": "confidential", "owner of it": "a+b=c/d@e"}
    store.one("upsert", document("key", b"content"), tags=tags)
    told = store.api.get_object_tagging(Bucket=store.bucket, Key="key")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in told} == tags
    fetched = store.one("get", document("key", properties={"own": "kept"}), include_tagging=True)
    assert dict(fetched.properties) == {"own": "kept", **tags}


@pytest.mark.needs("tags of parts")
def test_tags_of_a_large_object_survive_its_parts(store, document, large):
    store.one("upsert", document("key", large), tags={"class": "large"})
    told = store.api.get_object_tagging(Bucket=store.bucket, Key="key")["TagSet"]
    assert told == [{"Key": "class", "Value": "large"}]
