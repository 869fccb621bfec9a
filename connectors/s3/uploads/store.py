"""Storing: documents of any size become objects, in one request or in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError, Payload
from connector_sdk.waiting import aside
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.uploads.local import local
from connectors.s3.uploads.slices import MIB, READ_AHEAD, Slice, opened
from connectors.s3.uploads.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

    from connectors.s3.uploads.multipart import Part, Send

SINGLE_UP_TO = 16 * MIB
LARGEST_OBJECT = 5 * MIB * MIB


def store(client: S3Client, upload: Upload, payload: Payload) -> Stored:
    """Make the object; when this returns, S3 has all of it. Raises DocumentError, and leaves no parts behind then."""
    if upload.size > LARGEST_OBJECT:
        raise DocumentError(f"{upload.call}: {upload.size} bytes; 5 TiB are allowed", "EntityTooLarge")
    if upload.size > SINGLE_UP_TO:
        from connectors.s3.uploads import multipart

        return aside(lambda: multipart.assemble(client, upload, partial(_ready, payload)))
    if payload.is_deferred:
        return aside(lambda: _put_deferred(client, upload, payload))
    return _put_whole(client, upload, payload)


def _put_deferred(client: S3Client, upload: Upload, payload: Payload) -> Stored:
    with local(payload, Slice(1, 0, upload.size), upload.call.runtime) as (held, _):
        return _put_whole(client, upload, held)


def _put_whole(client: S3Client, upload: Upload, payload: Payload) -> Stored:
    return Stored.of(client.run(upload.call, lambda api: _put(api, upload, payload)), upload.size)


def _put(api: Api, upload: Upload, payload: Payload) -> Mapping[str, Any]:
    algorithm: dict[str, Any] = {"ChecksumAlgorithm": upload.algorithm} if upload.algorithm else {}
    arguments = {**upload.place, **upload.arguments, **upload.conditions, **algorithm, **upload.customer}
    if upload.size <= READ_AHEAD:
        return api.put_object(Body=payload.read(), **arguments)
    # each piece is read only while nobody asked the run to end
    with opened(payload, Slice(1, 0, upload.size), upload.call.runtime) as body:
        return api.put_object(Body=body, **arguments)


@contextmanager
def _ready(payload: Payload, call: Call, part: Slice) -> Iterator[Send]:
    with local(payload, part, call.runtime) as (held, place):
        yield partial(_send, held, place)


def _send(payload: Payload, place: Slice, api: Api, part: Part) -> Mapping[str, Any]:
    with opened(payload, place, part.call.runtime) as body:
        return api.upload_part(**part.arguments, **part.customer, **part.checksum, Body=body)
