"""Copy: an object becomes another, inside S3."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from connector_sdk import Document, Operation, Request, Secret, setting
from connectors.s3 import options, targets
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client
from connectors.s3.targets import Target
from connectors.s3.uploads import copying


class Copy(Operation[S3Client]):
    """Copy an object inside S3, of any size, with its metadata and tags unless others are given."""

    action = "copy"
    inputs = targets.INPUTS
    reads = targets.READS
    sets = targets.SETS
    permissions = targets.PERMISSIONS
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption_key: Secret | None = targets.source_key()
    target: Target = setting("How the copy is stored.", Target())

    def lane(self, request: Request) -> Hashable:
        return targets.lane(self, request)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        origin, made = targets.ends("copy", self, client, request)
        stored = copying.copy(client, origin, made)
        yield targets.answer(self.response_format, request, origin, made, stored)
