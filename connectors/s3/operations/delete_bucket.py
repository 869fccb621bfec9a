"""Delete bucket."""

from __future__ import annotations

from collections.abc import Iterable

from connector_sdk import Document, Operation, Request
from connectors.s3 import options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client


class DeleteBucket(Operation[S3Client]):
    """Remove a bucket; S3 refuses while there are objects in it."""

    action = "delete_bucket"
    reads = ("bucket", "bucket_region")
    permissions = ("s3:DeleteBucket",)

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("delete bucket", self, request)
        client.run(call, lambda api: api.delete_bucket(Bucket=call.bucket))
        return ()
