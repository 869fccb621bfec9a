"""Fetching an object into a payload: in one request, or in ranges where it is large, with what only those need."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, Payload
from connector_sdk.waiting import aside
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.uploads.slices import MIB

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

LARGE = 64 * MIB
IN_MEMORY = 64 << 10
Answer = Mapping[str, Any]


def fetched(
    client: S3Client, call: Call, wanted: Mapping[str, Any], most: int = LARGE, *, to_one_reader: bool = False
) -> tuple[Payload, Answer]:
    """The object's bytes and what S3 says of it; by ranges where it has more than `most` bytes. Raises DocumentError.

    `wanted` are botocore's arguments. What would go by ranges may stay in S3 until its one reader reads it.
    """
    payload, answer = client.run(call, lambda api: _whole(api, call, wanted, most))
    if payload is None:
        from connectors.s3.downloads import large

        pinned, found = large.pinned(client, call, wanted, answer), answer
        if to_one_reader and large.may_stay(pinned, found):
            return large.staying(pinned), answer
        payload = aside(lambda: large.in_ranges(pinned, found))
    if payload is None:
        payload, answer = client.run(call, lambda api: _whole(api, call, wanted))
    return payload or Payload(b""), answer


def deferred(client: S3Client, call: Call, wanted: Mapping[str, Any]) -> tuple[Payload, Answer]:
    """The same, but a large object is only looked at, and read whenever its payload is opened."""
    try:
        answer = client.run(call, lambda api: api.head_object(**wanted, ChecksumMode="ENABLED"))
    except ApplicationError:
        return fetched(client, call, wanted)  # whose refusal has words
    if answer.get("ContentLength", 0) <= IN_MEMORY or not answer.get("ETag"):  # what packs answers tells no length
        return fetched(client, call, wanted)
    from connectors.s3.downloads import large

    return large.staying(large.pinned(client, call, wanted, answer)), answer


def _whole(api: Api, call: Call, wanted: Mapping[str, Any], most: int | None = None) -> tuple[Payload | None, Answer]:
    """The object in one request; without its bytes if they are more than `most` and could be had by ranges."""
    answer = api.get_object(**wanted)
    with closing(answer["Body"]) as body:
        if most and answer.get("ETag") and answer.get("ContentLength", 0) > most:
            return None, answer
        return call.runtime.store(body), answer
