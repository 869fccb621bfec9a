"""What is everyday needs no botocore, which takes longer to import than a thousand objects to store."""

import subprocess
import sys

PROGRAM = """
import sys
from connector_sdk import Document, Payload
from connector_sdk.testing import run, runtime
from connectors.s3 import S3

url, bucket = sys.argv[1:]
connection = {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": url}
with runtime() as within:
    for action in ("upsert", "query", "get", "head"):
        operation = {"action": action, "object_type": bucket}
        (result,) = run(S3, connection, operation, [Document(Payload(b"1"), {}, {"s3.file_key": "k"})], within=within)
        assert result.error is None, result.error
print(sorted({name.partition(".")[0] for name in sys.modules} & {"boto3", "botocore", "urllib3", "s3transfer"}))
"""


def test_storing_listing_and_fetching_import_no_botocore(store):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, store.url, store.bucket], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert store.content("k") == b"1"
