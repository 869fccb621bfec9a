"""Upsert: a document becomes an object."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

from connector_sdk import Document, Operation, Request, setting
from connectors.s3 import facts, headers, keys, options
from connectors.s3.buckets import BucketName
from connectors.s3.encryption import Encryption
from connectors.s3.headers import Text
from connectors.s3.service import checksums
from connectors.s3.service.client import S3Client
from connectors.s3.uploads import conditions
from connectors.s3.uploads.slices import MIB
from connectors.s3.uploads.upload import Stored, Upload

DEFAULT_TYPE = "application/octet-stream"


class Upsert(Operation[S3Client]):
    """Create or replace an object with the document; large documents go in parts."""

    action = "upsert"
    reads = ("bucket", "bucket_region", "file_key", "folder", "file_name", "content_type")
    sets = ("bucket", "file_key", "content_type", "version_id", "etag", "size", "last_modified", "checksum")
    permissions = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:PutObjectTagging")
    concurrency = 8
    reads_once = True

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    encryption: Encryption = setting("Encryption at rest; without it the bucket's own.", Encryption(type="none"))
    part_size: int = setting("MiB in each part of a document of more than 16 MiB.", 16, ge=5, le=2048)
    tags: dict[str, Text] = setting("Tags of the object, at most 10.", {}, dynamic=True)
    include_tagging: bool = setting(
        "Deprecated: every dynamic document property becomes a tag; `tags` wins where both name one.", False
    )
    metadata: dict[str, Text] = setting(
        "Metadata of the object; x-amz-meta- is put before each name.", {}, dynamic=True
    )
    storage_class: str | None = setting("Storage class, such as STANDARD_IA.", None, dynamic=True)
    acl: str | None = setting("Canned access control list, such as bucket-owner-full-control.", None, dynamic=True)
    content_encoding: str | None = setting("Content-Encoding header, such as gzip.", None, dynamic=True)
    content_disposition: str | None = setting("Content-Disposition header.", None, dynamic=True)
    cache_control: str | None = setting("Cache-Control header.", None, dynamic=True)
    checksum: Literal["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] | None = setting(
        "Checksum that S3 verifies and keeps; without it the connection's setting decides.",
        None,
        check=checksums.check_installed,
    )
    if_exists: Literal["overwrite", "skip", "fail"] = setting(
        "What to do where the object exists: skip leaves it and passes the document on. S3 itself decides, not a "
        "look beforehand.",
        "overwrite",
        dynamic=True,
    )
    if_match: str | None = setting("Replace the object only while it has this ETag.", None, dynamic=True)

    def is_cooperative(self, client: S3Client) -> bool:
        return client.is_cooperative

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.given)

    def execute(self, client: S3Client, request: Request) -> list[Document]:
        key = keys.given(request) or keys.invented(request)
        client.advice.consider(key)
        upload = Upload(
            call=options.call("upsert", self, request, key, self.encryption.type == "sse-c"),
            size=request.document.payload.size,
            part_size=self.part_size * MIB,
            arguments=self._arguments(request),
            customer=self.encryption.customer,
            algorithm=self.checksum,
        )
        stored = conditions.store(client, upload, request.document.payload, self.if_exists, self.if_match)
        made = request.output(
            self._description(upload, stored),
            bucket=upload.call.bucket,
            file_key=key,
            content_type=upload.arguments["ContentType"],
            version_id=stored.version_id,
            etag=stored.etag,
            size=stored.size,
            last_modified=None,
            checksum=stored.checksum,
        )
        return [made]

    def _arguments(self, request: Request) -> dict[str, Any]:
        properties = request.document.properties if self.include_tagging else {}
        chosen = {
            "ContentType": request.tracked("content_type") or DEFAULT_TYPE,
            "Tagging": headers.tagging({**properties, **self.tags}),
            "Metadata": headers.metadata(self.metadata),
            "StorageClass": self.storage_class,
            "ACL": self.acl,
            "ContentEncoding": self.content_encoding,
            "ContentDisposition": self.content_disposition,
            "CacheControl": self.cache_control,
            **self.encryption.arguments,
        }
        return {name: value for name, value in chosen.items() if value is not None}

    def _description(self, upload: Upload, stored: Stored) -> str:
        return facts.written(
            self.response_format,
            "UpsertResult",
            {
                "Bucket": upload.call.bucket,
                "Key": upload.call.key,
                "VersionId": stored.version_id,
                "ETag": stored.etag,
                "Checksum": stored.checksum,
                "Skipped": stored.skipped or None,
            },
        )
