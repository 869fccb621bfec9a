"""Direct requests and answers: those of botocore, argument by argument, and botocore itself for what is rare."""

import base64
import contextlib
import io

import pytest
from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError, IncompleteReadError

from connector_sdk.fault_proxy import FaultProxy

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "e"\r\n\r\n'
OWN = {
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "expect",
    "user-agent",
    "x-amz-date",
    "x-amz-user-agent",
}
"""Headers that say who asks and when, or that HTTP libraries add."""
KEY = bytes(range(32))
PUTS = {
    "plain": {},
    "type": {"ContentType": "text/plain", "CacheControl": "no-cache", "ContentDisposition": 'attachment; filename="a"'},
    "metadata": {"Metadata": {"name": "value", "other": "=?utf-8?b?w6k=?="}},
    "tags": {"Tagging": "a=b&c=%20"},
    "class": {"StorageClass": "STANDARD_IA", "ACL": "private"},
    "kms": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "id", "BucketKeyEnabled": True},
    "customer": {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY},
    "conditions": {"IfNoneMatch": "*", "IfMatch": '"e"'},
    "sha256": {"ChecksumAlgorithm": "SHA256"},
    "sha1": {"ChecksumAlgorithm": "SHA1"},
}
GETS = {
    "plain": {},
    "version": {"VersionId": "a/b+c"},
    "range": {"Range": "bytes=1-2"},
    "customer": {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY},
    "part": {"PartNumber": 2},
}
KEYS = [
    "k",
    "a b",
    "a+b",
    "a%2Bb",
    "//a",
    "../a/./b",
    "é",
    "e\u0301",
    "😀",
    "a?b#c",
    "~-._",
    "'()*!;:@&=$,",
    "x" * 1024,
]


def asked(script, clients, send, checksums=True, **settings):
    """What each of the two clients sends for the same call."""
    server = script([OK], [OK])
    for api in clients(server.url, checksums, **settings):
        send(api)
    heard = []
    for line, headers, body in server.heard:
        heard.append((line, {name: value for name, value in headers.items() if name not in OWN}, body))
    return heard


@pytest.mark.parametrize("checksums", [True, False])
@pytest.mark.parametrize("arguments", PUTS.values(), ids=PUTS)
def test_put_says_what_botocore_says(script, clients, arguments, checksums):
    exact, direct = asked(
        script,
        clients,
        lambda api: api.put_object(Bucket="bucket", Key="k", Body=io.BytesIO(b"content"), **arguments),
        checksums,
    )
    assert direct == exact


@pytest.mark.parametrize("checksums", [True, False])
def test_parts_say_what_botocore_says(script, clients, checksums):
    given = {"Bucket": "bucket", "Key": "k", "PartNumber": 3, "UploadId": "a/b+=", "Body": io.BytesIO(b"content")}
    exact, direct = asked(script, clients, lambda api: (given["Body"].seek(0), api.upload_part(**given)), checksums)
    assert direct == exact


@pytest.mark.parametrize("method", ["get_object", "head_object"])
@pytest.mark.parametrize("arguments", GETS.values(), ids=GETS)
def test_get_and_head_say_what_botocore_says(script, clients, method, arguments):
    exact, direct = asked(script, clients, lambda api: getattr(api, method)(Bucket="bucket", Key="k", **arguments))
    assert direct == exact


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_every_key_is_written_as_botocore_writes_it(script, clients, key):
    exact, direct = asked(script, clients, lambda api: api.get_object(Bucket="bucket", Key=key))
    assert direct == exact


def test_listings_say_what_botocore_says(store, clients):
    """A listing has to be answered with one, so that the requests are looked at through a proxy."""
    heard = []
    for position in range(2):
        with FaultProxy(store.url) as proxy:
            api = clients(proxy.url)[position]
            api.list_objects_v2(Bucket=store.bucket, Prefix="a/ b+", Delimiter="/", MaxKeys=7, StartAfter="é")
            ((path, query),) = [(each.path, each.query) for each in proxy.exchanges]
            heard.append((path, sorted(query.split("&"))))
    assert heard[1] == heard[0]


def test_nobody_in_particular_says_what_botocore_says(script, clients):
    exact, direct = asked(
        script, clients, lambda api: api.get_object(Bucket="bucket", Key="k"), authentication="anonymous"
    )
    exact[1].pop("x-amz-content-sha256", None)
    direct[1].pop("x-amz-content-sha256", None)
    assert direct == exact


def answers(store, clients, call):
    """What each of the two clients makes of the server's answer."""
    found = []
    for api in clients(store.url):
        answer = dict(call(api))
        if "Body" in answer:
            answer["Body"] = answer["Body"].read()
        if "Contents" in answer:
            answer["Contents"] = [dict(entry) for entry in answer["Contents"]]
            for entry in answer["Contents"]:
                entry.pop("ChecksumAlgorithm", None)  # not what a listing is made for
        metadata = answer.pop("ResponseMetadata")
        found.append((metadata["HTTPStatusCode"], answer))
    return found


@pytest.mark.parametrize(
    "call",
    [
        lambda api, bucket: api.get_object(Bucket=bucket, Key="a/é +"),
        lambda api, bucket: api.get_object(Bucket=bucket, Key="a/é +", Range="bytes=1-3"),
        lambda api, bucket: api.head_object(Bucket=bucket, Key="a/é +"),
        lambda api, bucket: api.put_object(Bucket=bucket, Key="new", Body=io.BytesIO(b"x")),
        lambda api, bucket: api.list_objects_v2(Bucket=bucket),
        lambda api, bucket: api.list_objects_v2(Bucket=bucket, MaxKeys=1),
        lambda api, bucket: api.list_objects_v2(Bucket=bucket, Delimiter="/"),
        lambda api, bucket: api.list_objects_v2(Bucket=bucket, Prefix="nothing"),
    ],
)
def test_answers_are_those_of_botocore(store, clients, call):
    store.api.put_object(Bucket=store.bucket, Key="a/é +", Body=b"content", ContentType="text/x", Metadata={"m": "v"})
    store.api.put_object(Bucket=store.bucket, Key="b<&>\r", Body=b"")
    exact, direct = answers(store, clients, lambda api: call(api, store.bucket))
    assert direct == exact


@pytest.mark.parametrize(
    "answer",
    [
        (404, "<Error><Code>NoSuchKey</Code><Message>none</Message><Key>k</Key></Error>"),
        (403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
        (301, "<Error><Code>PermanentRedirect</Code><Endpoint>s3.eu-west-1.amazonaws.com</Endpoint></Error>"),
        (307, ""),
        (412, "<Error><Code>PreconditionFailed</Code></Error>"),
        (500, ""),
        (503, "<Error><Code>SlowDown</Code></Error>"),
        (400, "not xml"),
        (502, "<html>bad gateway</html>"),
    ],
)
@pytest.mark.parametrize("method", ["get_object", "head_object"])
def test_refusals_are_those_of_botocore(script, clients, answer, method):
    status, text = answer
    body = b"" if method == "head_object" else text.encode()
    head = f"HTTP/1.1 {status} Reason\r\nContent-Length: {len(body)}\r\nx-amz-bucket-region: eu-west-3\r\n\r\n"
    raised = []
    for position in range(2):
        server = script([head.encode() + body])
        with pytest.raises(Exception) as caught:  # of whatever kind botocore makes it
            getattr(clients(server.url)[position], method)(Bucket="bucket", Key="k")
        error = caught.value
        told = getattr(error, "response", {}).get("Error")
        metadata = getattr(error, "response", {}).get("ResponseMetadata", {})
        region = dict(metadata.get("HTTPHeaders", {})).get("x-amz-bucket-region")
        raised.append((type(error).__name__, told, metadata.get("HTTPStatusCode"), region))
    assert raised[1] == raised[0]


def content(checksum, body=b"content"):
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nx-amz-checksum-crc32: {checksum}\r\n\r\n".encode() + body


def test_content_with_another_checksum_than_the_answer_names_is_an_error(script, clients):
    server = script([content("AAAAAA==")])
    body = clients(server.url)[1].get_object(Bucket="bucket", Key="k")["Body"]
    with pytest.raises(FlexibleChecksumError, match="AAAAAA=="):
        body.read()


@pytest.mark.parametrize("checksum", ["AAAAAA==-2", base64.b64encode(0xA5F9F6B4.to_bytes(4, "big")).decode() + "-1"])
def test_a_checksum_of_checksums_tells_nothing_about_the_content(script, clients, checksum):
    server = script([content(checksum)])
    assert clients(server.url)[1].get_object(Bucket="bucket", Key="k")["Body"].read() == b"content"


def test_a_body_cut_short_is_an_error(script, clients):
    server = script([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"])
    body = clients(server.url)[1].get_object(Bucket="bucket", Key="k")["Body"]
    with pytest.raises(IncompleteReadError):
        body.read()


@pytest.mark.parametrize(
    "arguments",
    [
        {"Metadata": {"m": "é"}},
        {"ContentDisposition": "a\r\nx-evil: 1"},
        {"ContentType": "a\tb"},
        {"Expires": 0},
        {"ContentType": None},
        {"ChecksumAlgorithm": "CRC32C"},
    ],
)
def test_what_is_rare_goes_through_botocore(script, clients, arguments):
    _, direct = clients(script([OK]).url)
    reached = []
    direct.meta.events.register("provide-client-params.s3.PutObject", lambda params, **rest: reached.append(params))
    with contextlib.suppress(BotoCoreError, ValueError):  # some of them it refuses itself
        direct.put_object(Bucket="bucket", Key="k", Body=io.BytesIO(b"x"), **arguments)
    assert len(reached) == 1


def test_botocore_gets_a_small_file_from_its_beginning(script, clients, tmp_path):
    """It sums up what comes after the place where the file was left."""
    (tmp_path / "file").write_bytes(b"content")
    _, direct = clients(script([OK]).url)
    places = []
    direct.meta.events.register(
        "provide-client-params.s3.PutObject", lambda params, **_: places.append(params["Body"].tell())
    )
    with open(tmp_path / "file", "rb") as body, contextlib.suppress(BotoCoreError):
        direct.put_object(Bucket="bucket", Key="k", Body=body, ChecksumAlgorithm="CRC32C")
    assert places == [0]


def test_every_other_method_is_that_of_botocore(store, clients):
    _, direct = clients(store.url)
    assert [each["Name"] for each in direct.list_buckets()["Buckets"]].count(store.bucket) == 1
    with pytest.raises(ClientError, match="NoSuchBucket"):
        direct.list_objects_v2(Bucket="no-such-bucket-at-all")
