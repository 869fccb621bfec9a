"""Move: an object becomes another, and then goes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from connector_sdk import Document, DocumentError, Operation, Request, Secret, field_validator, setting
from connectors.s3 import encryption, keys, options, targets
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
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = targets.SETS
    permissions = (
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
    )
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption_key: Secret | None = setting("Key the source was stored with (SSE-C): 256 bits in base64.", None)
    target: Target = setting("How the object is stored where it goes.", Target())

    _key_fits = field_validator("encryption_key")(encryption.checked_key)

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("move", self, request, keys.asked_for(request), self.encryption_key is not None)
        origin = targets.source(call, request, self.encryption_key)
        made = targets.upload(call, request, self.target)
        if (made.call.bucket, made.call.key) == (call.bucket, call.key):
            raise DocumentError(f"{call}: the object would move onto itself and be gone", "SameObject")
        stored = copying.move(client, origin, made)
        yield targets.answer(self.response_format, request, origin, made, stored)
