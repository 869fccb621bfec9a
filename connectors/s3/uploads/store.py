"""Storing: documents of any size become objects, in one request or in parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError, Payload
from connector_sdk.waiting import aside
from connectors.s3.service.client import S3Client
from connectors.s3.uploads import multipart
from connectors.s3.uploads.multipart import Part
from connectors.s3.uploads.slices import MIB, opened
from connectors.s3.uploads.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

SINGLE_UP_TO = 16 * MIB
LARGEST_OBJECT = 5 * MIB * MIB


def store(client: S3Client, upload: Upload, payload: Payload) -> Stored:
    """Make the object; when this returns, S3 has all of it. Raises DocumentError, and leaves no parts behind then."""
    if upload.size > LARGEST_OBJECT:
        raise DocumentError(f"{upload.call}: {upload.size} bytes; 5 TiB are allowed", "EntityTooLarge")
    if upload.size > SINGLE_UP_TO:
        return aside(lambda: multipart.assemble(client, upload, partial(_send, payload)))
    return Stored.of(client.run(upload.call, lambda api: _put(api, upload, payload)), upload.size)


def _put(api: Api, upload: Upload, payload: Payload) -> Mapping[str, Any]:
    algorithm: dict[str, Any] = {"ChecksumAlgorithm": upload.algorithm} if upload.algorithm else {}
    with payload.open() as body:
        return api.put_object(
            **upload.place, Body=body, **upload.arguments, **upload.conditions, **algorithm, **upload.customer
        )


def _send(payload: Payload, api: Api, part: Part) -> Mapping[str, Any]:
    with opened(payload, part.slice, part.call.runtime) as body:
        return api.upload_part(**part.arguments, **part.customer, **part.checksum, Body=body)
