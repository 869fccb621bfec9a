"""Query: the objects of a bucket, one document each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector_sdk import Document, DocumentError, Operation, Request
from connectors.s3 import facts, filters, listing, options
from connectors.s3.buckets import BucketName
from connectors.s3.connection import DYNAMIC_BUCKET
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client


class Query(Operation[S3Client]):
    """List objects, page after page; each document names one and can go to Get and Delete."""

    action = "query"
    inputs = filters.INPUTS
    reads = ("bucket", "bucket_region")
    sets = ("bucket", "folder", "file_key", "content_type", "version_id", "etag", "size", "last_modified", "checksum")
    permissions = ("s3:ListBucket",)

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = Call("query", request.runtime, self._bucket(request), region=options.chosen_region(self, request))
        wanted = filters.Filters.of(request.inputs)
        for page in listing.objects(client, call, **wanted.service):
            for found in page.get("Contents", ()):
                if wanted.admit(found):
                    yield self._object(request, call.bucket, found)
            for prefix in page.get("CommonPrefixes", ()):
                yield self._prefix(request, call.bucket, prefix["Prefix"])

    def _bucket(self, request: Request) -> str:
        named = request.inputs.get("bucket")
        if named and self.object_type not in (DYNAMIC_BUCKET, named):
            raise DocumentError(
                f"filter bucket is {named!r}, but object_type {self.object_type!r}; {DYNAMIC_BUCKET} lets it choose",
                "InvalidFilter",
            )
        return options.bucket(self, request, named)

    def _object(self, request: Request, bucket: str, found: Mapping[str, Any]) -> Document:
        modified = facts.moment(found["LastModified"])
        described = {
            "Key": found["Key"],
            "LastModified": modified,
            "ETag": found.get("ETag"),
            "Size": found.get("Size"),
            "StorageClass": found.get("StorageClass"),
        }
        return request.output(
            facts.written(self.response_format, "Contents", described),
            bucket=bucket,
            folder=None,
            file_key=found["Key"],
            etag=facts.etag(found),
            size=found.get("Size"),
            last_modified=modified,
            version_id=None,
            content_type=None,
            checksum=None,
        )

    def _prefix(self, request: Request, bucket: str, prefix: str) -> Document:
        nothing = dict.fromkeys(set(self.sets) - {"bucket", "folder"})
        described = facts.written(self.response_format, "CommonPrefixes", {"Prefix": prefix})
        return request.output(described, bucket=bucket, folder=prefix, **nothing)
