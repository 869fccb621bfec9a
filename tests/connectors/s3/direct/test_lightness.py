"""What is everyday needs neither botocore, which takes longer to import than much is to store, nor what is rare."""

import subprocess
import sys
from ast import literal_eval

PROGRAM = """
import sys
from connector_sdk import Document, Payload
from connector_sdk.testing import run, runtime
from connectors.s3 import S3

url, bucket = sys.argv[1:]
assert [name for name in sys.modules if name.startswith("connectors.s3.")] == ["connectors.s3.connection"]
connection = {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": url}
with runtime() as within:
    for action in ("upsert", "query", "get", "head"):
        operation = {"action": action, "object_type": bucket}
        (result,) = run(S3, connection, operation, [Document(Payload(b"1"), {}, {"s3.file_key": "k"})], within=within)
        assert result.error is None, result.error
print(sorted({name.partition(".")[0] for name in sys.modules} & {"boto3", "botocore", "urllib3", "s3transfer"}))
print(sorted(name.removeprefix("connectors.s3.") for name in sys.modules if name.startswith("connectors.s3.")))
"""
LARGE = {"downloads.large", "uploads.multipart"}
RARE = {"account", "deletion", "direct.tls", "select", "targets", "uploads.copying", "uploads.leaving", *LARGE}


def test_storing_listing_and_fetching_import_no_botocore_and_no_other_operation(store):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, store.url, store.bucket], capture_output=True, text=True, check=True
    )
    libraries, own = map(literal_eval, done.stdout.splitlines())
    assert libraries == []
    assert {name for name in own if name.startswith("operations.")} == {
        f"operations.{action}" for action in ("upsert", "query", "get", "head")
    }
    assert RARE & set(own) == set()
    assert store.content("k") == b"1"
