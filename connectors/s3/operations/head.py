"""Head: what S3 knows of an object, without its bytes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from connector_sdk import Document, Input, Operation, Request, Secret
from connectors.s3 import encryption, facts, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client


class Head(Operation[S3Client]):
    """Describe an object: its size, type, metadata, encryption and version."""

    action = "head"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = ("bucket", "file_key", "content_type", "version_id", "etag", "size", "last_modified", "checksum")
    permissions = ("s3:GetObject", "s3:GetObjectVersion")
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption_key: Secret | None = encryption.customer_key()

    def is_cooperative(self, client: S3Client) -> bool:
        return client.is_cooperative

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("head", self, request, keys.asked_for(request), self.encryption_key is not None)
        wanted = {**objects.versioned(call, request), **encryption.customer_arguments(self.encryption_key)}
        answer = client.run(call, lambda api: api.head_object(**wanted, ChecksumMode="ENABLED"))
        yield request.output(
            facts.written(self.response_format, "Object", objects.described(call, answer)),
            None,
            bucket=call.bucket,
            file_key=call.key,
            content_type=answer.get("ContentType"),
            **facts.tracked(answer),
        )
