"""Get: an object becomes a document."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Literal

from connector_sdk import Document, Input, Operation, Request, Secret, setting
from connectors.s3 import encryption, facts, headers, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.downloads import fetch
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client


class Get(Operation[S3Client]):
    """Fetch an object; its bytes are streamed, whatever their size."""

    action = "get"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = ("bucket", "file_key", "content_type", "version_id", "etag", "size", "last_modified", "checksum")
    permissions = ("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging")
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption_key: Secret | None = encryption.customer_key()
    include_tagging: bool = setting("Each tag of the object becomes a dynamic document property.", False)

    content: Literal["fetch", "when_read"] = setting(
        "When an object of more than 64 KiB is read: fetch keeps it on disk for as long as its document travels; "
        "when_read looks at it and leaves it in S3 until a step reads it, which fails if it is another one by then.",
        "fetch",
    )

    def is_cooperative(self, client: S3Client) -> bool:
        return client.is_cooperative and not self.include_tagging

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> list[Document]:
        call = options.call("get", self, request, keys.asked_for(request), self.encryption_key is not None)
        wanted = objects.versioned(call, request)
        customer = encryption.customer_arguments(self.encryption_key)
        if self.content == "when_read":
            payload, answer = fetch.deferred(client, call, {**wanted, **customer})
        else:
            payload, answer = fetch.fetched(client, call, {**wanted, **customer}, to_one_reader=request.to_one_reader)
        version = facts.version_id(answer)
        tags = _tags(client, call, objects.place(call, version)) if self.include_tagging else None
        told = {"bucket": call.bucket, "file_key": call.key, "content_type": answer.get("ContentType")}
        return [request.output(payload, tags, **told, **facts.tracked(answer))]


def _tags(client: S3Client, call: Call, wanted: Mapping[str, Any]) -> dict[str, str]:
    return headers.tags(client.run(call, lambda api: api.get_object_tagging(**wanted)))
