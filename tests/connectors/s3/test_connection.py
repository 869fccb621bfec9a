import subprocess
import sys

import pytest

from connector_sdk.checks import verify
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connector_sdk.settings import SettingsError, plain
from connectors.s3 import S3

KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "very-secret-key"}
DENIED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>not allowed to list</Message></Error>")
UNKNOWN = Answer(403, body=b"<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>")


def verdicts(client, runtime):
    return {each.layer: each for each in verify(client.connection, runtime)}


def test_the_checks_list_the_buckets(store, open_client, runtime):
    told = verdicts(open_client(store.url), runtime)

    assert {each.outcome for each in told.values()} == {"proven"}
    assert list(told) == ["settings", "network", "credentials", "permission"]
    assert told["permission"].text.endswith(("buckets", " 1 bucket"))
    assert told["network"].text == f"{store.url} answers"


def test_an_account_that_may_not_list_buckets_is_limited_and_known(store, open_client, runtime):
    with FaultProxy(store.url, Rule(DENIED)) as proxy:
        told = verdicts(open_client(proxy.url), runtime)

    assert [told[each].outcome for each in ("network", "credentials", "permission")] == ["proven", "proven", "limited"]
    assert "not allowed to list" in told["permission"].text
    assert "s3:ListAllMyBuckets" in told["permission"].remedy


def test_unknown_keys_fail_the_credentials_with_s3s_own_words(store, open_client, runtime):
    with FaultProxy(store.url, Rule(UNKNOWN)) as proxy:
        told = verdicts(open_client(proxy.url), runtime)

    assert [each.outcome for each in told.values()] == ["proven", "proven", "failed", "not reached"]
    assert "InvalidAccessKeyId: no such key" in told["credentials"].text
    assert KEYS["secret_key"] not in str(told)


def test_a_server_that_is_gone_fails_the_network(store, open_client, runtime):
    with FaultProxy(store.url) as proxy:
        client = open_client(proxy.url)
    told = verdicts(client, runtime)

    assert [each.outcome for each in told.values()] == ["proven", "failed", "not reached", "not reached"]


def test_one_look_serves_all_checks(store, open_client, runtime):
    with FaultProxy(store.url) as proxy:
        verdicts(open_client(proxy.url), runtime)
        assert len(proxy.exchanges) == 1


def test_browsing_offers_every_bucket_and_the_dynamic_one(store, open_client):
    client = open_client(store.url)

    offered = list(client.connection.browse(client))

    assert offered[0] == "dynamic-bucket"
    assert store.bucket in offered


def test_every_page_of_buckets_is_listed(store, open_client):
    def page(name, more):
        token = f"<ContinuationToken>{more}</ContinuationToken>" if more else ""
        bucket = f"<Bucket><Name>{name}</Name></Bucket>"
        return Answer(
            200, body=f"<ListAllMyBucketsResult><Buckets>{bucket}</Buckets>{token}</ListAllMyBucketsResult>".encode()
        )

    with FaultProxy(store.url, Rule(page("one", "next"), on=(1,)), Rule(page("two", ""), on=(2,))) as proxy:
        client = open_client(proxy.url)
        offered = list(client.connection.browse(client))

    assert offered == ["dynamic-bucket", "one", "two"]
    assert "continuation-token=next" in proxy.exchanges[1].query


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "access_key"),
        ({"access_key": "A"}, "secret_key"),
        ({"secret_key": "S"}, "access_key"),
        ({"authentication": "roles_anywhere"}, "profile_arn"),
        ({"authentication": "assume_role"}, "role_arn"),
        ({"authentication": "assume_role", "role_arn": "r", "access_key": "A"}, "belong together"),
        ({"authentication": "web_identity", "role_arn": "r"}, "web_identity_token_file"),
        ({**KEYS, "duration": 899}, "duration"),
        ({**KEYS, "duration": 3601}, "duration"),
        ({**KEYS, "endpoint_url": "ftp://host"}, "endpoint_url"),
        ({**KEYS, "endpoint_url": "http://host/path"}, "endpoint_url"),
        ({**KEYS, "endpoint_url": "http://host", "use_fips": True}, "use_fips"),
        ({**KEYS, "endpoint_url": "http://host", "accelerate": True}, "accelerate"),
        ({**KEYS, "accelerate": True, "addressing": "path"}, "accelerate"),
        ({**KEYS, "retry": {"waits": [-1]}}, "waits"),
        ({**KEYS, "bucket": "b"}, "bucket"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(settings, named):
    with pytest.raises(SettingsError, match=named) as raised:
        S3.connection.load(settings)

    assert "very-secret-key" not in str(raised.value)


@pytest.mark.parametrize(
    "settings",
    [
        KEYS,
        {"authentication": "default"},
        {"authentication": "anonymous"},
        {**KEYS, "endpoint_url": "https://s3.test/"},
    ],
)
def test_settings_that_work_are_accepted(settings):
    S3.connection.load(settings)


def test_secrets_do_not_show():
    connection = S3.connection.load({**KEYS, "proxy": "http://user:password@proxy"})

    for text in (repr(connection), str(connection), str(plain(connection))):
        assert "very-secret-key" not in text
        assert "password@" not in text


def test_anonymous_requests_are_not_signed(store, document):
    with FaultProxy(store.url) as proxy:
        anonymous = {"authentication": "anonymous", "access_key": None, "secret_key": None}
        store.through(proxy.url).one("upsert", document("k"), connection=anonymous)

    assert [each.header("Authorization") for each in proxy.exchanges] == [None, None]


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "the-bucket.s3.eu-west-1.amazonaws.com"),
        ({"addressing": "path"}, "s3.eu-west-1.amazonaws.com"),
        ({"use_dualstack": True}, "the-bucket.s3.dualstack.eu-west-1.amazonaws.com"),
        ({"use_fips": True}, "the-bucket.s3-fips.eu-west-1.amazonaws.com"),
        ({"accelerate": True}, "the-bucket.s3-accelerate.amazonaws.com"),
    ],
)
def test_amazons_endpoints_are_chosen_by_settings(open_client, document, request_for, settings, host):
    from connectors.s3.operations.presign import Presign

    region = "us-west-2" if settings.get("use_fips") else "eu-west-1"
    client = open_client(None, **settings)
    presign = Presign(object_type="the-bucket", region=region)
    (answer,) = presign.execute(client, request_for(Presign, document("k")))

    assert f"https://{host}/".replace("eu-west-1", region) in answer.payload.read().decode()


def test_an_address_in_the_environment_sends_nothing_elsewhere(open_client, document, request_for, monkeypatch):
    from connectors.s3.operations.presign import Presign

    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://elsewhere.test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.test")
    presign = Presign(object_type="the-bucket", region="eu-west-1")
    (answer,) = presign.execute(open_client(None), request_for(Presign, document("k")))

    assert "elsewhere" not in answer.payload.read().decode()


def test_importing_the_connector_imports_no_heavy_library():
    heavy = ["boto3", "botocore", "urllib3", "duckdb", "pyarrow", "cryptography", "lxml"]
    program = f"import sys, connectors.s3; print([each for each in {heavy} if each in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
