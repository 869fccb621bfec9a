"""List buckets: what the account can see."""

from __future__ import annotations

from collections.abc import Iterable

from connector_sdk import Document, Input, Operation, Request
from connectors.s3 import account, facts, options
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client


class ListBuckets(Operation[S3Client]):
    """List the account's buckets, in every region, one document each."""

    action = "list_buckets"
    inputs = (Input("prefix", "Only buckets whose names start with this."),)
    sets = ("bucket", "bucket_region")
    permissions = ("s3:ListAllMyBuckets",)

    response_format: options.Format = options.response_format()

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        prefix = request.inputs.get("prefix", "")
        for found in account.buckets(client, Call("list buckets", request.runtime)):
            if found["Name"].startswith(prefix):
                created = facts.moment(found.get("CreationDate"))
                described = {"Name": found["Name"], "CreationDate": created, "BucketRegion": found.get("BucketRegion")}
                yield request.output(
                    facts.written(self.response_format, "Bucket", described),
                    bucket=found["Name"],
                    bucket_region=found.get("BucketRegion"),
                )
