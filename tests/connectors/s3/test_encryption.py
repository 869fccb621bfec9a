import base64
import hashlib
import logging

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connector_sdk.settings import SettingsError, plain
from connectors.s3 import S3
from connectors.s3.encryption import Encryption

RAW = bytes(range(32))
KEY = base64.b64encode(RAW).decode()
DIGEST = base64.b64encode(hashlib.md5(RAW).digest()).decode()
CUSTOMER = {"type": "sse-c", "key": KEY}
PREFIX = "x-amz-server-side-encryption"
DENIED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")


def customer_headers(exchange):
    names = ("algorithm", "key", "key-MD5")
    return tuple(exchange.header(f"{PREFIX}-customer-{name}") for name in names)


def head(store):
    return store.api.head_object(Bucket=store.bucket, Key="k")


def test_sse_s3_is_asked_for(store, document):
    store.one("upsert", document("k"), encryption={"type": "sse-s3"})

    assert head(store)["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize(
    ("option", "key", "bucket_key"),
    [
        ({}, None, None),
        ({"key": "my-key"}, "my-key", None),
        ({"key": "my-key", "bucket_key": True}, "my-key", "true"),
    ],
)
def test_sse_kms_is_asked_for_with_its_key(store, document, option, key, bucket_key):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("k"), encryption={"type": "sse-kms", **option})

    put = proxy.exchanges[-1]
    assert put.header(PREFIX) == "aws:kms"
    assert put.header(f"{PREFIX}-aws-kms-key-id") == key
    assert put.header(f"{PREFIX}-bucket-key-enabled") == bucket_key
    assert head(store)["ServerSideEncryption"] == "aws:kms"


def test_no_encryption_sends_no_header(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("k"))

    assert not [name for name, _ in proxy.exchanges[-1].headers if "encryption" in name.lower()]


@pytest.mark.parametrize("action", ["upsert", "get", "head"])
def test_a_customers_key_goes_with_the_request(store, document, action):
    option = {"encryption": CUSTOMER} if action == "upsert" else {"encryption_key": KEY}
    with FaultProxy(store.url, Rule(Answer(200))) as proxy:
        store.through(proxy.url).run(action, document("k"), **option)

    assert customer_headers(proxy.exchanges[-1]) == ("AES256", KEY, DIGEST)
    assert customer_headers(proxy.exchanges[0]) == (None, None, None)


def test_a_customers_key_goes_with_every_request_of_an_upload_in_parts(store, document, large):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("k", large), encryption=CUSTOMER, part_size=5)

    sent = [each for each in proxy.exchanges if "/k" in each.path]
    assert len(sent) == 8
    assert {customer_headers(each) for each in sent} == {("AES256", KEY, DIGEST)}


def test_a_copy_carries_the_key_of_its_source_and_that_of_its_target(store, document):
    other = base64.b64encode(bytes(32)).decode()
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    with FaultProxy(store.url, Rule(DENIED, method="PUT")) as proxy:
        target = {"encryption": {"type": "sse-c", "key": other}}
        store.through(proxy.url).run(
            "copy", document("k"), parameters={"target-key": "c"}, encryption_key=KEY, target=target
        )

    looked, copied = proxy.exchanges[-2:]
    assert customer_headers(looked) == ("AES256", KEY, DIGEST)
    assert customer_headers(copied)[1] == other
    assert copied.header("x-amz-copy-source-server-side-encryption-customer-key") == KEY


@pytest.mark.parametrize("action", ["upsert", "get", "head"])
def test_a_customers_key_shows_nowhere(store, document, caplog, action):
    logging.getLogger().setLevel(logging.DEBUG)
    option = {"encryption": CUSTOMER} if action == "upsert" else {"encryption_key": KEY}
    rules = Rule(Answer(500), path="/k", on=(1,)), Rule(DENIED, path="/k")
    with caplog.at_level(logging.DEBUG), FaultProxy(store.url, *rules) as proxy:
        (result,) = store.through(proxy.url).run(action, document("k"), **option)

    operation = S3.actions[action].load({"object_type": store.bucket, **option})
    shown = [caplog.text, str(result.error), repr(result.error), repr(operation), str(plain(operation))]
    assert result.error.code == "AccessDenied"
    assert caplog.text
    for secret in (KEY, DIGEST, repr(RAW)):
        assert not [text for text in shown if secret in text]


def test_a_bucket_that_blocks_customers_keys_is_explained(store, document):
    with FaultProxy(store.url, Rule(DENIED, method="PUT")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("k"), encryption=CUSTOMER)
        (plain,) = store.through(proxy.url).run("upsert", document("k"))

    assert "BlockedEncryptionTypes" in str(result.error)
    assert "PutBucketEncryption" in str(result.error)
    assert "BlockedEncryptionTypes" not in str(plain.error)


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ({"type": "sse-c"}, "needs a key"),
        ({"type": "sse-c", "key": "AAAA"}, "256 bits, this one 24"),
        ({"type": "sse-c", "key": "not base64!"}, "written in base64"),
        ({"type": "sse-s3", "key": KEY}, "sse-s3 takes no key"),
        ({"type": "none", "key": KEY}, "none takes no key"),
        ({"type": "sse-s3", "bucket_key": True}, "takes no bucket_key"),
        ({"type": "aes"}, "sse-s3"),
    ],
)
def test_options_that_cannot_work_are_refused_without_showing_the_key(option, reason):
    with pytest.raises(SettingsError, match=reason) as raised:
        Encryption.load(option)

    assert option.get("key", KEY) not in str(raised.value)


def test_a_key_that_is_none_is_refused_by_get():
    with pytest.raises(SettingsError, match="256 bits"):
        S3.actions["get"].load({"object_type": "bucket", "encryption_key": "short"})
