"""What copies and moves share: the object they start from, where it goes, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

from connector_sdk import Document, Input, Request, Secret, Settings, setting
from connectors.s3 import buckets, encryption, facts, headers, keys, options
from connectors.s3.encryption import Encryption
from connectors.s3.headers import Text
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.uploads import copying
from connectors.s3.uploads.copying import Source
from connectors.s3.uploads.upload import Stored, Upload

INPUTS = (
    Input("id", "Key of the object; the property s3.file_key when left out."),
    Input("target-key", "Key that it gets; its own when left out."),
    Input("target-bucket", "Bucket that it goes to; its own when left out."),
)
READS = ("bucket", "bucket_region", "file_key", "version_id")
SETS = ("bucket", "bucket_region", "file_key", "version_id", "etag", "size", "last_modified", "checksum")

PERMISSIONS = (
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
    "s3:AbortMultipartUpload",
)


class Target(Settings):
    """How the copy is stored; what is left out stays as it was."""

    region: options.Region = options.region()
    encryption: Encryption = setting("Encryption of the copy; without it the bucket's own.", Encryption(type="none"))
    tags: dict[str, Text] | None = setting("Tags that replace those of the source, at most 10.", None)
    metadata: dict[str, Text] | None = setting("Metadata that replaces that of the source.", None)
    storage_class: str | None = setting("Storage class of the copy, such as STANDARD_IA.", None)
    acl: str | None = setting("Canned access control list of the copy.", None)


class Transfer(options.BucketOptions, Protocol):
    """An operation that takes an object somewhere else."""

    @property
    def encryption_key(self) -> Secret | None:
        """The customer's key of the source."""

    @property
    def target(self) -> Target:
        """How the object is stored where it goes."""


def source_key() -> Any:
    """Declares the option `encryption_key`."""
    return encryption.customer_key("Key the source was stored with (SSE-C): 256 bits in base64.")


def lane(transfer: Transfer, request: Request) -> Hashable:
    """The object that a document starts from."""
    return options.lane(transfer, request, keys.asked_for)


def ends(action: str, transfer: Transfer, client: S3Client, request: Request) -> tuple[Source, Upload]:
    """The object that the document names, and the one to be made; DocumentError if it cannot have that name."""
    key = transfer.encryption_key
    call = options.call(action, transfer, request, keys.asked_for(request), key is not None)
    customer = encryption.customer_arguments(key), encryption.customer_arguments(key, "CopySource")
    made = _made(call, request, transfer.target)
    client.advice.consider(made.call.key)
    return Source(call, request.tracked("version_id"), *customer), made


def _made(origin: Call, request: Request, target: Target) -> Upload:
    bucket = request.inputs.get("target-bucket")
    call = Call(
        origin.action,
        request.runtime,
        buckets.checked(bucket) if bucket else origin.bucket,
        keys.checked(request.inputs.get("target-key") or origin.key),
        "" if target.region == options.AUTO else target.region,
        target.encryption.type == "sse-c",
    )
    return Upload(call, 0, copying.PART_SIZE, _arguments(target), target.encryption.customer)


def answer(form: options.Format, request: Request, origin: Source, made: Upload, stored: Stored) -> Document:
    """The document that names the copy."""
    described: dict[str, facts.Fact] = {
        "Bucket": made.call.bucket,
        "Key": made.call.key,
        "VersionId": stored.version_id,
        "ETag": stored.etag,
        "Size": stored.size,
        "Source": f"{origin.call.bucket}/{origin.call.key}",
    }
    return request.output(
        facts.written(form, "CopyResult", described),
        bucket=made.call.bucket,
        bucket_region=made.call.region or None,
        file_key=made.call.key,
        version_id=stored.version_id,
        etag=stored.etag,
        size=stored.size,
        last_modified=None,
        checksum=stored.checksum,
    )


def _arguments(target: Target) -> dict[str, Any]:
    chosen = {
        "Tagging": None if target.tags is None else headers.tagging(target.tags) or "",
        "Metadata": None if target.metadata is None else headers.metadata(target.metadata) or {},
        "StorageClass": target.storage_class,
        "ACL": target.acl,
        **target.encryption.arguments,
    }
    return {name: value for name, value in chosen.items() if value is not None}
