"""Presign: a URL that lets its holder do one thing with an object for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.s3 import facts, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client

WEEK = 7 * 24 * 3600
REQUESTS = {"get": "get_object", "put": "put_object", "delete": "delete_object", "head": "head_object"}


class Presign(Operation[S3Client]):
    """Make a presigned URL; whoever holds it needs no credentials, so treat the document as a secret."""

    action = "presign"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id", "content_type")
    sets = ("bucket", "file_key")
    permissions = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion")

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    method: Literal["get", "put", "delete", "head"] = setting(
        "What the URL allows; a put must send the property s3.content_type, where it is set.", "get"
    )
    expires: int = setting("Seconds until the URL is void; temporary credentials end it sooner.", 3600, ge=1, le=WEEK)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("presign", self, request, keys.asked_for(request))
        url = client.run(
            call,
            lambda api: api.generate_presigned_url(
                REQUESTS[self.method], Params=self._arguments(objects.place(call), request), ExpiresIn=self.expires
            ),
        )
        ends = facts.moment(datetime.now(UTC) + timedelta(seconds=self.expires))
        described = {"Url": url, "Method": self.method.upper(), "Expires": ends}
        yield request.output(
            facts.written(self.response_format, "PresignedUrl", described), bucket=call.bucket, file_key=call.key
        )

    def _arguments(self, place: dict[str, Any], request: Request) -> dict[str, Any]:
        if self.method == "put":
            content_type = request.tracked("content_type")
            return {**place, "ContentType": content_type} if content_type else place
        version = request.tracked("version_id")
        return {**place, "VersionId": version} if version else place
