"""Storing: documents of any size become objects, in one request or in parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError
from connectors.s3 import multipart
from connectors.s3.client import S3Client
from connectors.s3.slices import MIB
from connectors.s3.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

SINGLE_UP_TO = 16 * MIB
LARGEST_OBJECT = 5 * MIB * MIB


def store(client: S3Client, upload: Upload) -> Stored:
    """Make the object; when this returns, S3 has all of it. Raises DocumentError, and leaves no parts behind then."""
    if upload.payload.size > LARGEST_OBJECT:
        raise DocumentError(f"{upload.call}: {upload.payload.size} bytes; 5 TiB are allowed", "EntityTooLarge")
    if upload.payload.size > SINGLE_UP_TO:
        return multipart.store(client, upload)
    return Stored.of(client.run(upload.call, lambda api: _put(api, upload)), upload.payload.size)


def _put(api: Api, upload: Upload) -> Mapping[str, Any]:
    algorithm: dict[str, Any] = {"ChecksumAlgorithm": upload.algorithm} if upload.algorithm else {}
    with upload.payload.open() as body:
        return api.put_object(
            **upload.place, Body=body, **upload.arguments, **upload.conditions, **algorithm, **upload.customer
        )
