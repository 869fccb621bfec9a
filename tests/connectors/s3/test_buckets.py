import pytest

from connector_sdk.settings import SettingsError
from connectors.s3 import S3, buckets

LEGAL = [
    "abc",
    "a" * 63,
    "my-bucket.example.com",
    "1bucket",
    "bucket1",
    "a.b.c",
    "a-b",
    "my-bucket--x-s3",
    "point-abc-s3alias",
    "arn:aws:s3:us-west-2:123456789012:accesspoint/my-point",
    "arn:aws:s3:us-west-2:123456789012:accesspoint:my-point",
    "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/my-point",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/lambda",
    "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-0123/accesspoint/point",
]
ILLEGAL = [
    ("", "0 characters"),
    ("ab", "2 characters"),
    ("a" * 64, "64 characters"),
    ("Bucket", "lower-case"),
    ("my_bucket", "lower-case"),
    ("-bucket", "starts and ends"),
    ("bucket-", "starts and ends"),
    (".bucket", "starts and ends"),
    ("a..b", "two dots"),
    ("192.168.5.4", "IP address"),
    ("xn--bucket", "xn--"),
    ("sthree-bucket", "sthree-"),
    ("amzn-s3-demo-bucket", "amzn-s3-demo-"),
    ("bücket", "lower-case"),
    ("my bucket", "lower-case"),
    ("bucket/key", "lower-case"),
    ("bucket\n", "lower-case"),
    ("arn:aws:s3:::bucket", "ARN"),
    ("arn:aws:sqs:us-west-2:123456789012:queue", "ARN"),
]


@pytest.mark.parametrize("name", LEGAL)
def test_legal_names_pass(name):
    assert buckets.problem(name) is None


@pytest.mark.parametrize(("name", "reason"), ILLEGAL)
def test_illegal_names_are_refused_with_the_rule_they_break(name, reason):
    assert reason in buckets.problem(name)


@pytest.mark.parametrize("name", [each for each, _ in ILLEGAL if each])
def test_a_documents_bucket_is_checked_before_any_request(store, document, name):
    (result,) = store.through("http://127.0.0.1:9").run(
        "upsert", document("k", bucket=name), object_type="dynamic-bucket"
    )

    assert result.error.code == "InvalidBucketName"
    assert repr(name) in str(result.error)


@pytest.mark.parametrize("action", ["get", "upsert", "query", "delete"])
def test_an_operations_bucket_is_checked_when_it_is_loaded(action):
    with pytest.raises(SettingsError, match="two dots stand side by side"):
        S3.actions[action].load({"object_type": "a..b"})
