"""Who may come in: these servers verify signatures."""

from __future__ import annotations

import pytest

from connector_sdk import ProcessError
from connector_sdk.checks import verify
from connectors.s3.connection import S3Connection


@pytest.fixture
def connect(server):
    def connection(**settings):
        keys = {"access_key": server.access_key, "secret_key": server.secret_key}
        known = {"endpoint_url": server.url, "retry": {"waits": []}}
        return S3Connection.load({**known, **keys, **settings})

    return connection


def test_the_right_keys_pass_every_check(connect, store):
    assert {each.outcome for each in verify(connect(), store.runtime)} == {"proven"}


def test_buckets_are_browsed(connect, store):
    connection = connect()
    client = connection.open(store.runtime)
    assert store.bucket in connection.browse(client)
    connection.close(client)


@pytest.mark.needs("signatures")
@pytest.mark.parametrize(
    ("settings", "code"),
    [({"secret_key": "wrong"}, "SignatureDoesNotMatch"), ({"access_key": "nobody"}, "InvalidAccessKeyId")],
)
def test_wrong_keys_fail_the_check_of_credentials_with_the_servers_code(connect, store, settings, code):
    (failed,) = [each for each in verify(connect(**settings), store.runtime) if each.outcome == "failed"]
    assert (failed.layer, code in failed.text) == ("credentials", True)


@pytest.mark.needs("signatures")
@pytest.mark.parametrize("action", ["get", "upsert", "query", "delete"])
def test_every_action_is_refused_with_a_wrong_secret_key_and_stops_the_process(store, document, action):
    store.api.put_object(Bucket=store.bucket, Key="kept", Body=b"before")
    with pytest.raises(ProcessError, match="SignatureDoesNotMatch"):
        store.run(action, document("kept", b"after"), connection={"secret_key": "wrong"})
    assert store.api.get_object(Bucket=store.bucket, Key="kept")["Body"].read() == b"before"


@pytest.mark.needs("signatures")
def test_anonymous_requests_are_refused(store, document):
    store.api.put_object(Bucket=store.bucket, Key="key", Body=b"content")
    anonymous = {"authentication": "anonymous", "access_key": None, "secret_key": None}
    assert store.error("get", document("key"), connection=anonymous).code in ("AccessDenied", "UnsupportedAlgorithm")


@pytest.fixture
def assuming(server):
    return {"authentication": "assume_role", "sts_endpoint_url": server.url, "role_arn": server.role}


@pytest.mark.needs("roles")
def test_a_role_that_was_assumed_does_what_the_role_may(store, document, assuming, large):
    store.all("upsert", document("key", b"content"), document("large", large), connection=assuming)
    found = store.all("get", document("key"), document("large"), connection=assuming)
    assert [each.payload.size for each in found] == [7, large.size]


@pytest.mark.needs("roles")
@pytest.mark.parametrize("wrong", [{"role_arn": "arn:aws:iam:::role/nobodys"}, {"secret_key": "wrong"}])
def test_a_role_that_is_refused_stops_the_process(store, document, assuming, wrong):
    with pytest.raises(ProcessError, match="STS refuses the role"):
        store.run("upsert", document("key", b"content"), connection={**assuming, **wrong})
    assert store.listed() == []
