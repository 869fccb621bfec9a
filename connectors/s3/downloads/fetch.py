"""Fetching an object into a payload: in one request, or in ranges where it is large."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from connector_sdk import ApplicationError, DocumentError, Payload
from connector_sdk.waiting import aside
from connectors.s3 import facts
from connectors.s3.direct import checksums
from connectors.s3.downloads.ahead import LARGEST, Ahead
from connectors.s3.downloads.pinned import Pinned
from connectors.s3.downloads.stream import ObjectStream
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.failures import failure, library_errors
from connectors.s3.uploads.slices import MIB

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

LARGE = 64 * MIB
IN_MEMORY = 64 << 10
AGAIN = frozenset({"ObjectChanged", "NoRanges"})
"""What does not keep one request from fetching the object."""
Answer = Mapping[str, Any]
log = logging.getLogger(__name__)


def fetched(client: S3Client, call: Call, wanted: Mapping[str, Any], most: int = LARGE) -> tuple[Payload, Answer]:
    """The object's bytes and what S3 says of it; by ranges where it has more than `most` bytes. Raises DocumentError.

    `wanted` are botocore's arguments.
    """
    payload, answer = client.run(call, lambda api: _whole(api, call, wanted, most))
    if payload is None:
        pinned, found = _pinned(client, call, wanted, answer), answer
        payload = aside(lambda: _in_ranges(pinned, found))
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
    pinned = _pinned(client, call, wanted, answer)
    return Payload.deferred(partial(ObjectStream, pinned), pinned.size), answer


def _whole(api: Api, call: Call, wanted: Mapping[str, Any], most: int | None = None) -> tuple[Payload | None, Answer]:
    """The object in one request; without its bytes if they are more than `most` and could be had by ranges."""
    answer = api.get_object(**wanted)
    with closing(answer["Body"]) as body:
        if most and answer.get("ETag") and answer.get("ContentLength", 0) > most:
            return None, answer
        return call.runtime.store(body), answer


def _pinned(client: S3Client, call: Call, wanted: Mapping[str, Any], answer: Answer) -> Pinned:
    version = facts.version_id(answer)
    known = {**wanted, **({"VersionId": version} if version else {})}
    return Pinned(client, call, answer["ContentLength"], answer["ETag"], known)


def _in_ranges(pinned: Pinned, answer: Answer) -> Payload | None:
    """The payload, compared with the checksum of the whole; None where one request is the better way."""
    call, blocks = pinned.call, _Blocks(pinned)
    body = checksums.verified(blocks, answer) if pinned.client.checksums.active else blocks
    try:
        if body is blocks:  # there is nothing to add up on the way
            with ObjectStream(pinned) as stream:
                return call.runtime.store(stream)
        with closing(blocks):
            return call.runtime.store(iter(partial(body.read, LARGEST), b""))
    except library_errors() as error:
        log.warning("%s: %s; fetching it again, in one request", call, failure(error).code)
    except DocumentError as error:
        if error.code not in AGAIN:
            raise
        log.info("%s; fetching it in one request", str(error))  # whoever keeps the error keeps half a file
    return None


class _Blocks:
    """An object as a body, whose pieces are as long as they come."""

    def __init__(self, pinned: Pinned) -> None:
        self._ahead = Ahead(pinned)
        self._blocks = iter(self._ahead)

    def read(self, most: int | None = None) -> bytes:
        return cast("bytes", next(self._blocks, b""))

    def close(self) -> None:
        self._ahead.close()
