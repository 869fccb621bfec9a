"""The S3 connector keeps the contract of the SDK."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.s3 import S3

ACCOUNT = "123456789012"
ANY = {"object_type": "dynamic-bucket"}
PLACE = {"bucket": "kit", "bucket_region": "us-east-1"}
CSV = b"name,age\nAda,36\nGrace,85\n"
CHANGES = ("version_id", "last_modified", "content")
OBJECTS = 13
"""More than any rule serves."""


def fill(backend, api):
    """A versioned bucket of objects, some of them archived, the first with a checksum that S3 keeps."""
    backend.reset()
    backend.create_bucket("kit", "us-east-1")
    backend.put_bucket_versioning("kit", "Enabled")
    for number in range(1, OBJECTS + 1):
        backend.put_object("kit", f"{number}.csv", CSV)
        backend.put_object("kit", f"archived/{number}", CSV, storage="GLACIER")
        backend.create_bucket(f"empty-{number}", "us-east-1")
    api.put_object(Bucket="kit", Key="1.csv", Body=CSV, ContentType="text/csv", ChecksumAlgorithm="SHA256")


@pytest.fixture
def filled(server, api):
    """Makes the settings of a connection, with a freshly filled server behind them."""
    from moto.s3.models import s3_backends

    @contextmanager
    def world():
        fill(s3_backends[ACCOUNT]["aws"], api)
        yield {"access_key": "SOME-ACCESS-KEY", "secret_key": "some-secret-key", "endpoint_url": server}

    return world


def numbered(number):
    return Sample(b"content", {**PLACE, "file_key": f"{number}.csv"})


def moving(number):
    return Sample(tracked={**PLACE, "file_key": f"{number}.csv"}, inputs={"target-key": f"moved-{number}"})


def archived(number):
    return Sample(tracked={**PLACE, "file_key": f"archived/{number}"})


def new(number):
    return Sample(b"content", {**PLACE, "file_key": f"new-{number}", "content_type": "text/plain"})


def in_folder(number):
    return Sample(b"content", {**PLACE, "folder": "folder", "file_name": f"new-{number}"})


def new_bucket(number):
    return Sample(tracked={"bucket": f"new-{number}", "bucket_region": "us-east-1"})


def empty_bucket(number):
    return Sample(tracked={"bucket": f"empty-{number}", "bucket_region": "us-east-1"})


MISSING = Sample(tracked={**PLACE, "file_key": "missing"})
NOWHERE = Sample(tracked={"bucket": "no-such-bucket", "bucket_region": "us-east-1"})
NAMELESS = Sample(tracked={**PLACE, "file_key": "k" * 1025})
NAMES = {"file_key": "file_key"}

TestS3 = conformance(
    S3,
    connection="filled",
    schema=Path(__file__).with_name("connector.schema.json"),
    cases=[
        Case("get", ANY, good=numbered, bad=MISSING, varies=CHANGES[:2], names={"id": "file_key", **NAMES}),
        Case("head", ANY, good=numbered, bad=MISSING, varies=CHANGES, names=NAMES),
        Case("upsert", ANY, good=new, bad=NAMELESS, varies=CHANGES, names=NAMES),
        Case("upsert", ANY, good=in_folder, bad=NAMELESS, varies=CHANGES, label="by folder and name"),
        Case("delete", ANY, good=numbered, bad=NAMELESS, names={"id": ""}),
        Case("query", ANY, good=Sample(tracked=PLACE), bad=NOWHERE, varies=CHANGES),
        Case("query", ANY, good=Sample(tracked=PLACE, inputs={"delimiter": "/"}), varies=CHANGES, label="by folder"),
        Case("list_versions", ANY, good=Sample(tracked=PLACE), bad=NOWHERE, varies=CHANGES),
        Case("select", {**ANY, "expression": "SELECT * FROM S3Object"}, good=numbered, bad=MISSING, names=NAMES),
        Case("copy", ANY, good=moving, bad=MISSING, varies=CHANGES, names={"target-key": "file_key"}),
        Case("move", ANY, good=moving, bad=MISSING, varies=CHANGES),
        Case("list_buckets", varies=("content",)),
        Case("create_bucket", ANY, good=new_bucket, bad=Sample(tracked={"bucket": "No Name!"}), varies=("content",)),
        Case("delete_bucket", ANY, good=empty_bucket, bad=NOWHERE),
        Case("presign", ANY, good=numbered, bad=NAMELESS, varies=("content",), names=NAMES, offline=True),
        Case("presign", {**ANY, "method": "put"}, good=new, varies=("content",), label="to put", offline=True),
        Case("get_tags", ANY, good=numbered, bad=MISSING, varies=CHANGES, names=NAMES),
        Case("put_tags", {**ANY, "tags": {"a": "b"}}, good=numbered, bad=MISSING, varies=CHANGES),
        Case("restore", {**ANY, "days": 2}, good=archived, bad=MISSING, varies=CHANGES),
    ],
    wrong_settings=[
        Wrong({"endpoint_url": ""}, at="endpoint_url"),
        Wrong({"object_type": None}, at="object_type", action="get"),
        Wrong({"days": 0}, at="days", action="restore"),
    ],
    unreachable={"endpoint_url": "http://127.0.0.1:9", "retry": {"waits": []}},
)
