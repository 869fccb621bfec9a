"""Conditional uploads: what to do where the object exists, safe against retries that meet their own success."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, DocumentError, Payload
from connectors.s3 import facts
from connectors.s3.service.client import S3Client
from connectors.s3.uploads import store as storing
from connectors.s3.uploads.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

WRITE_ID = "write-id"
REFUSED = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


def store(client: S3Client, upload: Upload, payload: Payload, if_exists: str, if_match: str | None) -> Stored:
    """Make the object unless the condition forbids it; skipping gives what is there.

    A conditional upload carries an id in its metadata. Where S3 refuses it, a look at the id tells whether the object
    in the way is our own, of a request whose answer was lost. Raises ApplicationError for a refusal that stands.
    """
    etag = if_match and if_match.strip('"')
    conditions = _conditions(upload, if_exists, etag)
    if not conditions:
        return storing.store(client, upload, payload)
    write_id = uuid.uuid4().hex
    metadata = {**upload.arguments.get("Metadata", {}), WRITE_ID: write_id}
    guarded = replace(upload, conditions=conditions, arguments={**upload.arguments, "Metadata": metadata})
    try:
        return storing.store(client, guarded, payload)
    except ApplicationError as refusal:
        if refusal.code not in REFUSED:
            raise
        found = _look(client, upload)
        if found and found["Metadata"].get(WRITE_ID) == write_id:
            return Stored.of(found, upload.size)
        if if_exists == "skip":
            return Stored.of(found or {}, found and found["ContentLength"], skipped=True)
        if not found or etag is None or etag != facts.etag(found):
            raise ApplicationError(f"{refusal}; {_reason(etag)}", refusal.code) from refusal
    return storing.store(client, replace(guarded, conditions={"IfMatch": etag}), payload)  # it wants no quotes


def _conditions(upload: Upload, if_exists: str, etag: str | None) -> dict[str, Any]:
    if etag is not None and if_exists != "overwrite":
        raise DocumentError(f"{upload.call}: if_match goes with if_exists: overwrite only", "ContradictingConditions")
    if etag is not None:
        return {"IfMatch": f'"{etag}"'}
    return {} if if_exists == "overwrite" else {"IfNoneMatch": "*"}


def _reason(etag: str | None) -> str:
    return "the object exists, and if_exists is fail" if etag is None else f"the object's ETag is not {etag}"


def _look(client: S3Client, upload: Upload) -> HeadObjectOutputTypeDef | None:
    """What S3 says of the object in the way; None if we may not know."""
    try:
        return client.run(
            upload.call, lambda api: api.head_object(**upload.place, **upload.customer, ChecksumMode="ENABLED")
        )
    except ApplicationError:
        return None
