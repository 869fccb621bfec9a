"""Create bucket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from connector_sdk import ApplicationError, Document, DocumentError, Operation, Request, setting
from connectors.s3 import buckets, facts, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.vendor import FALLBACK_REGION

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

OURS = "BucketAlreadyOwnedByYou"


class CreateBucket(Operation[S3Client]):
    """Make a bucket in the region of the operation, or of the property where object_type is dynamic-bucket."""

    action = "create_bucket"
    reads = ("bucket", "bucket_region")
    sets = ("bucket", "bucket_region")
    permissions = ("s3:CreateBucket",)

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    if_exists: Literal["skip", "fail"] = setting(
        "What to do where the account has the bucket already; in us-east-1 Amazon does not tell that from a new one.",
        "fail",
    )

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        name = options.bucket(self, request)
        if wrong := buckets.new_problem(name):
            raise DocumentError(f"a bucket cannot be called {name!r}: {wrong}", "InvalidBucketName")
        region = options.chosen_region(self, request) or FALLBACK_REGION
        self._create(client, Call("create bucket", request.runtime, name, region=region))
        described = facts.written(self.response_format, "Bucket", {"Name": name, "BucketRegion": region})
        yield request.output(described, bucket=name, bucket_region=region)

    def _create(self, client: S3Client, call: Call) -> None:
        place: dict[str, Any] = {"Bucket": call.bucket}
        if call.region != FALLBACK_REGION:
            place["CreateBucketConfiguration"] = {"LocationConstraint": call.region}
        attempts: list[str] = []

        def make(api: Api) -> None:
            attempts.append(call.bucket)
            api.create_bucket(**place)

        try:
            client.run(call, make)
        except ApplicationError as error:
            if error.code != OURS or (self.if_exists == "fail" and len(attempts) == 1):
                raise
            if self.if_exists == "fail":
                maybe = "an earlier attempt, whose answer was lost, may have made it"
                raise ApplicationError(f"{error}; {maybe}", error.code) from error
