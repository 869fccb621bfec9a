"""Get tags."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from connector_sdk import Document, Input, Operation, Request
from connectors.s3 import facts, headers, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client


class GetTags(Operation[S3Client]):
    """Fetch the tags of an object."""

    action = "get_tags"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = ("bucket", "file_key", "version_id")
    permissions = ("s3:GetObjectTagging", "s3:GetObjectVersionTagging")
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("get tags", self, request, keys.asked_for(request))
        wanted = objects.versioned(call, request)
        answer = client.run(call, lambda api: api.get_object_tagging(**wanted))
        described: dict[str, facts.Fact] = {"Bucket": call.bucket, "Key": call.key, "Tags": headers.tags(answer)}
        yield request.output(
            facts.written(self.response_format, "Tagging", described),
            bucket=call.bucket,
            file_key=call.key,
            version_id=facts.version_id(answer),
        )
