"""Fetching a large object: in ranges, several at once, as one body."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any, cast

from connector_sdk import DocumentError, Payload
from connectors.s3 import facts
from connectors.s3.direct import checksums
from connectors.s3.downloads.ahead import LARGEST, Ahead
from connectors.s3.downloads.pinned import Pinned
from connectors.s3.downloads.stream import ObjectStream
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.failures import failure, library_errors

AGAIN = frozenset({"ObjectChanged", "NoRanges"})
"""What does not keep one request from fetching the object."""
Answer = Mapping[str, Any]
log = logging.getLogger(__name__)

__all__ = ["in_ranges", "may_stay", "pinned", "staying"]


def pinned(client: S3Client, call: Call, wanted: Mapping[str, Any], answer: Answer) -> Pinned:
    """The object that an answer told of, and no other that takes its place."""
    version = facts.version_id(answer)
    known = {**wanted, **({"VersionId": version} if version else {})}
    return Pinned(client, call, answer["ContentLength"], answer["ETag"], known)


def staying(source: Pinned) -> Payload:
    """The payload of an object that stays in S3, and is read whenever the payload is opened."""
    return Payload.deferred(partial(ObjectStream, replace(source, stays=True)), source.size)


def may_stay(source: Pinned, answer: Answer) -> bool:
    """Whether its reader gets what a fetch would have given: it comes in ranges, and there is no checksum to compare.

    A fetch turns to one request where a store that promises no ranges gives none.
    """
    compares = source.client.checksums.active and checksums.are_compared(answer)
    return answer.get("AcceptRanges") == "bytes" and not compares


def in_ranges(source: Pinned, answer: Answer) -> Payload | None:
    """The payload, compared with the checksum of the whole; None where one request is the better way."""
    call, blocks = source.call, _Blocks(source)
    body = checksums.verified(blocks, answer) if source.client.checksums.active else blocks
    try:
        if body is blocks:  # there is nothing to add up on the way
            with ObjectStream(source) as stream:
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
