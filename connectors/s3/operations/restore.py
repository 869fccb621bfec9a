"""Restore: an archived object becomes readable for some days."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Literal

from connector_sdk import ApplicationError, Document, Input, Operation, Request, setting
from connectors.s3 import facts, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client

UNDER_WAY = "RestoreAlreadyInProgress"


class Restore(Operation[S3Client]):
    """Ask for a readable copy of an archived object; Head tells when it is there."""

    action = "restore"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = ("bucket", "file_key")
    permissions = ("s3:RestoreObject",)
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    days: int = setting("Days that the copy stays.", ge=1, dynamic=True)
    tier: Literal["Standard", "Bulk", "Expedited"] = setting("How fast it comes, and what it costs.", "Standard")

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("restore", self, request, keys.asked_for(request))
        wanted = objects.versioned(call, request)
        try:
            client.run(
                call,
                lambda api: api.restore_object(
                    **wanted, RestoreRequest={"Days": self.days, "GlacierJobParameters": {"Tier": self.tier}}
                ),
            )
        except ApplicationError as error:
            if error.code != UNDER_WAY:
                raise
        described: dict[str, facts.Fact] = {
            "Bucket": call.bucket,
            "Key": call.key,
            "Days": self.days,
            "Tier": self.tier,
        }
        yield request.output(
            facts.written(self.response_format, "Restore", described), bucket=call.bucket, file_key=call.key
        )
