"""Conditional uploads: what to do where the object exists, safe against retries that meet their own success."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, DocumentError, Payload
from connectors.s3 import store as storing
from connectors.s3.client import S3Client
from connectors.s3.upload import Stored, Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITE_ID = "write-id"
REFUSED = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


def store(client: S3Client, upload: Upload, payload: Payload, if_exists: str, if_match: str | None) -> Stored:
    """Make the object unless the condition forbids it; skipping gives what is there.

    A conditional upload carries an id in its metadata. Where S3 refuses it, a look at the id tells whether the object
    in the way is our own, of a request whose answer was lost. Raises ApplicationError for a refusal that stands.
    """
    conditions = _conditions(upload, if_exists, if_match)
    if not conditions:
        return storing.store(client, upload, payload)
    write_id = uuid.uuid4().hex
    metadata = {**upload.arguments.get("Metadata", {}), WRITE_ID: write_id}
    guarded = replace(upload, conditions=conditions, arguments={**upload.arguments, "Metadata": metadata})
    try:
        return storing.store(client, guarded, payload)
    except ApplicationError as error:
        if error.code not in REFUSED:
            raise
        return _met(client, upload, write_id, if_exists, error)


def _conditions(upload: Upload, if_exists: str, if_match: str | None) -> dict[str, Any]:
    if if_match is not None and if_exists != "overwrite":
        raise DocumentError(f"{upload.call}: if_match goes with if_exists: overwrite only", "ContradictingConditions")
    if if_match is not None:
        return {"IfMatch": '"' + if_match.strip('"') + '"'}
    return {} if if_exists == "overwrite" else {"IfNoneMatch": "*"}


def _met(client: S3Client, upload: Upload, write_id: str, if_exists: str, refusal: ApplicationError) -> Stored:
    """What is in the way: our own object or, to be skipped, another's."""
    try:
        head: Mapping[str, Any] = client.run(
            upload.call, lambda api: api.head_object(**upload.place, **upload.customer, ChecksumMode="ENABLED")
        )
    except ApplicationError:  # nobody may look
        if if_exists == "skip":
            return Stored(None, None, None, skipped=True)
        raise refusal from None
    if head["Metadata"].get(WRITE_ID) == write_id:
        return Stored.of(head, upload.size)
    if if_exists != "skip":
        raise refusal
    return Stored.of(head, head["ContentLength"], skipped=True)
