"""Move: an object becomes another, and then goes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from connector_sdk import Document, DocumentError, Operation, Request, Secret, setting
from connectors.s3 import options, targets
from connectors.s3.buckets import BucketName
from connectors.s3.service.client import S3Client
from connectors.s3.targets import Target
from connectors.s3.uploads import copying


class Move(Operation[S3Client]):
    """Copy an object inside S3 and delete it once the copy is complete.

    Where somebody has replaced it meanwhile, the new object stays and the document fails. A store that cannot delete
    under a condition is asked for the object's ETag just before.
    """

    action = "move"
    inputs = targets.INPUTS
    reads = targets.READS
    sets = targets.SETS
    permissions = (*targets.PERMISSIONS, "s3:DeleteObject", "s3:DeleteObjectVersion")
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption_key: Secret | None = targets.source_key()
    target: Target = setting("How the object is stored where it goes.", Target())

    def lane(self, request: Request) -> Hashable:
        return targets.lane(self, request)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        origin, made = targets.ends("move", self, client, request)
        if (made.call.bucket, made.call.key) == (origin.call.bucket, origin.call.key):
            raise DocumentError(f"{origin.call}: the object would move onto itself and be gone", "SameObject")
        stored = copying.move(client, origin, made)
        yield targets.answer(self.response_format, request, origin, made, stored)
