"""Limits that no other test is about: what is said where one is passed, and that nothing is stored then."""

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connector_sdk.settings import SettingsError
from connectors.s3 import S3

KEYS = {"access_key": "A", "secret_key": "S"}


@pytest.mark.parametrize(
    ("action", "options", "says"),
    [
        ("upsert", {"part_size": 4}, "at least 5"),
        ("upsert", {"part_size": 2049}, "at most 2048"),
        ("presign", {"expires": 0}, "at least 1"),
        ("presign", {"expires": 604801}, "at most 604800"),
        ("restore", {"days": 0}, "at least 1"),
    ],
)
def test_options_beyond_their_limits_are_refused_before_anything_runs(action, options, says):
    with pytest.raises(SettingsError, match=says):
        S3.actions[action].load({"object_type": "a-bucket", **options})


@pytest.mark.parametrize(
    ("action", "options"),
    [("upsert", {"part_size": 5}), ("upsert", {"part_size": 2048}), ("presign", {"expires": 604800})],
)
def test_options_at_their_limits_are_accepted(action, options):
    S3.actions[action].load({"object_type": "a-bucket", **options})


@pytest.mark.parametrize(
    ("setting", "wrong"), [("max_connections", 0), ("max_connections", 1001), ("duration", 899), ("duration", 3601)]
)
def test_settings_of_the_connection_beyond_their_limits_are_refused(setting, wrong):
    with pytest.raises(SettingsError, match=setting):
        S3.connection.load({**KEYS, setting: wrong})


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"n" * 129: "v"}, "the name of a tag has 129 characters; 1 to 128 are allowed"),
        ({"": "v"}, "the name of a tag has 0 characters; 1 to 128 are allowed"),
        ({"name": "v" * 257}, "tag 'name' has 257 characters; 256 are allowed"),
    ],
)
@pytest.mark.parametrize("action", ["upsert", "put_tags"])
def test_tags_that_are_too_long_fail_the_document(store, document, action, tags, says):
    (result,) = store.run(action, document("k", b"x"), tags=tags)

    assert (result.error.code, str(result.error)) == ("InvalidTag", says)
    assert store.listed() == []


def test_tags_of_the_longest_names_and_values_arrive(store, document):
    tags = {"n" * 128: "v" * 256, "é" * 128: ""}

    store.one("upsert", document("k"), tags=tags)

    told = store.api.get_object_tagging(Bucket=store.bucket, Key="k")["TagSet"]
    assert {each["Key"]: each["Value"] for each in told} == tags


def test_metadata_that_s3_finds_too_large_fails_the_document_with_its_code(store, document):
    body = b"<Error><Code>MetadataTooLarge</Code><Message>exceeds 2 KB</Message></Error>"
    with FaultProxy(store.url, Rule(Answer(400, body=body), header="x-amz-meta-much")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("k"), metadata={"much": "x" * 3000})

    assert result.error.code == "MetadataTooLarge"
    assert store.listed() == []


def test_a_select_request_has_at_most_a_megabyte(store, document):
    (result,) = store.run("select", document(content=b"{" + b" " * (1 << 20) + b"}"))

    assert "a SelectRequest has at most 1 MB, this document has 1048578 bytes" in str(result.error)
