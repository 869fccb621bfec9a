"""Delete bucket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from connector_sdk import ApplicationError, Document, Operation, Request
from connectors.s3 import options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

GONE = "NoSuchBucket"


class DeleteBucket(Operation[S3Client]):
    """Remove a bucket; S3 refuses while there are objects in it.
    Nothing travels on: the steps after it run only where the step says `pass_through: true`.
    """

    action = "delete_bucket"
    reads = ("bucket", "bucket_region")
    permissions = ("s3:DeleteBucket",)

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("delete bucket", self, request)
        attempts: list[str] = []

        def remove(api: Api) -> None:
            attempts.append(call.bucket)
            api.delete_bucket(Bucket=call.bucket)

        try:
            client.run(call, remove)
        except ApplicationError as error:
            if error.code != GONE or len(attempts) == 1:
                raise  # else an earlier attempt removed it, whose answer was lost
        return ()
