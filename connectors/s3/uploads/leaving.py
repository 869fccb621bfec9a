"""Leaving: an object that was copied goes from its old place, unless somebody has put another there meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError
from connectors.s3 import facts
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from connectors.s3.uploads.copying import Source

GONE = frozenset({"NotFound", "NoSuchKey", "DeleteMarker"})
UNKNOWN = frozenset({"NotImplemented", "UnsupportedOperation", "InvalidRequest", "InvalidArgument"})
"""What stores say that cannot delete under a condition."""
REFUSED = frozenset({"PreconditionFailed"}) | GONE | UNKNOWN


def leave(client: S3Client, source: Source, etag: str) -> None:
    """Delete what was copied; ApplicationError if the object is another one by now, which stays."""
    if source.version:
        return _delete(client, source)
    try:
        return _delete(client, source, IfMatch=etag)
    except ApplicationError as refusal:
        if refusal.code not in REFUSED:
            raise
        now = _etag(client, source)
        if now is None:
            return None  # an earlier attempt, whose answer was lost
        if now != etag.strip('"'):
            reason = "the object was replaced after it was copied; the copy is there, and what is new stays"
            raise ApplicationError(f"{source.call}: {reason}; run again to move it too", "ObjectChanged") from refusal
    return _delete(client, source)


def _delete(client: S3Client, source: Source, **condition: Any) -> None:
    client.run(source.call, lambda api: api.delete_object(**source.reference, **condition))


def _etag(client: S3Client, source: Source) -> str | None:
    """The ETag of the object in the old place; None if it is gone."""
    try:
        return facts.etag(client.run(source.call, lambda api: api.head_object(**source.reference, **source.customer)))
    except ApplicationError as error:
        if error.code not in GONE:
            raise
        return None
