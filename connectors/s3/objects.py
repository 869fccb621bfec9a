"""One object that a document names: what its requests carry, and what an answer says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector_sdk import Request
from connectors.s3 import facts, headers
from connectors.s3.facts import Fact
from connectors.s3.service.call import Call


def place(call: Call, version: str | None = None) -> dict[str, Any]:
    """Bucket, key and version, as botocore's arguments."""
    return {"Bucket": call.bucket, "Key": call.key, **({"VersionId": version} if version else {})}


def versioned(call: Call, request: Request) -> dict[str, Any]:
    """The same, of the version that the document names in `s3.version_id`."""
    return place(call, request.tracked("version_id"))


def described(call: Call, answer: Mapping[str, Any]) -> dict[str, Fact]:
    """What HeadObject says, for a document."""
    return {
        "Bucket": call.bucket,
        "Key": call.key,
        "VersionId": facts.version_id(answer),
        "ETag": facts.etag(answer),
        "Size": answer.get("ContentLength"),
        "LastModified": facts.moment(answer.get("LastModified")),
        "ContentType": answer.get("ContentType"),
        "ContentEncoding": answer.get("ContentEncoding"),
        "ContentDisposition": answer.get("ContentDisposition"),
        "CacheControl": answer.get("CacheControl"),
        "StorageClass": answer.get("StorageClass", "STANDARD"),
        "ServerSideEncryption": answer.get("ServerSideEncryption") or answer.get("SSECustomerAlgorithm"),
        "Restore": answer.get("Restore"),
        "Checksum": facts.checksum(answer),
        "Metadata": headers.read_metadata(answer.get("Metadata", {})) or None,
    }
