"""Query: the objects of a bucket, one document each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from connector_sdk import Document, DocumentError, Operation, Outputs, Request
from connectors.s3 import facts, filters, listing, options
from connectors.s3.buckets import BucketName
from connectors.s3.connection import DYNAMIC_BUCKET
from connectors.s3.direct.columns import Columns
from connectors.s3.facts import Entry
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

    def execute(self, client: S3Client, request: Request) -> Iterable[Document | Outputs]:
        call = Call("query", request.runtime, self._bucket(request), region=options.chosen_region(self, request))
        wanted = filters.Filters.of(request.inputs)
        alike = self._alike(request, call.bucket)
        for page in listing.objects(client, call, **wanted.service):
            found = page.get("Contents", ())
            if isinstance(found, Columns) and self.response_format == "json" and not wanted.sifts:
                yield self._columns(alike, found)
            else:
                yield from self._objects(alike, wanted.sifted(listing.entries(page)))
            for prefix in page.get("CommonPrefixes", ()):
                yield self._prefix(alike, prefix["Prefix"])

    def _bucket(self, request: Request) -> str:
        named = request.inputs.get("bucket")
        if named and self.object_type not in (DYNAMIC_BUCKET, named):
            raise DocumentError(
                f"filter bucket is {named!r}, but object_type {self.object_type!r}; {DYNAMIC_BUCKET} lets it choose",
                "InvalidFilter",
            )
        return options.bucket(self, request, named)

    def _alike(self, request: Request, bucket: str) -> Request:
        """The request with what all documents have in common, so that it is set once and not with each of them."""
        common: dict[str, str | None] = {**dict.fromkeys(self.sets), "bucket": bucket}
        return replace(request, document=request.output(None, None, **common))

    def _columns(self, request: Request, found: Columns) -> Outputs:
        """The same as `_objects`, of a whole page at once."""
        contents, etags = facts.all_listed(found), found.etags
        columns = {"file_key": found.keys, "etag": etags, "size": found.sizes, "last_modified": found.moments}
        return request.outputs(contents, **columns)

    def _objects(self, request: Request, entries: Iterable[Entry]) -> Iterator[Document]:
        form, output = self.response_format, request.output
        for entry in entries:
            key, modified, etag, size, _ = entry
            bare = etag.strip('"') if etag else None
            yield output(facts.listed(form, entry), file_key=key, etag=bare, size=size, last_modified=modified)

    def _prefix(self, request: Request, prefix: str) -> Document:
        described = facts.written(self.response_format, "CommonPrefixes", {"Prefix": prefix})
        return request.output(described, folder=prefix)
