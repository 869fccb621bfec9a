"""List versions: every version of the objects in a bucket, and every delete marker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector_sdk import Document, Input, Operation, Request
from connectors.s3 import facts, listing, options
from connectors.s3.buckets import BucketName
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client


class ListVersions(Operation[S3Client]):
    """List versions and delete markers, one document each; they can go to Get and Delete."""

    action = "list_versions"
    inputs = (
        Input("prefix", "Only keys that start with this."),
        Input("bucket", "The bucket, where object_type is dynamic-bucket."),
    )
    reads = ("bucket", "bucket_region")
    sets = ("bucket", "file_key", "content_type", "version_id", "etag", "size", "last_modified", "checksum")
    permissions = ("s3:ListBucketVersions",)

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        bucket = options.bucket(self, request, request.inputs.get("bucket"))
        call = Call("list versions", request.runtime, bucket, region=options.chosen_region(self, request))
        for page in listing.versions(client, call, Prefix=request.inputs.get("prefix", "")):
            for found in page.get("Versions", ()):
                yield self._document(request, bucket, found, marker=False)
            for found in page.get("DeleteMarkers", ()):
                yield self._document(request, bucket, found, marker=True)

    def _document(self, request: Request, bucket: str, found: Mapping[str, Any], marker: bool) -> Document:
        modified = facts.moment(found["LastModified"])
        described = {
            "Key": found["Key"],
            "VersionId": found.get("VersionId"),
            "IsLatest": found.get("IsLatest"),
            "DeleteMarker": marker,
            "LastModified": modified,
            "ETag": found.get("ETag"),
            "Size": found.get("Size"),
            "StorageClass": found.get("StorageClass"),
        }
        return request.output(
            facts.written(self.response_format, "DeleteMarker" if marker else "Version", described),
            bucket=bucket,
            file_key=found["Key"],
            version_id=facts.version_id(found),
            etag=facts.etag(found),
            size=found.get("Size"),
            last_modified=modified,
            content_type=None,
            checksum=None,
        )
