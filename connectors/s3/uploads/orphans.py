"""Orphans: uploads that S3 began for a request whose answer was lost, so that nobody knows their ids."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError
from connectors.s3.service.client import S3Client
from connectors.s3.uploads.upload import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

CLOCK = 2.0
"""Seconds by which S3's times of two uploads may be off."""
REMEDY = "a lifecycle rule of the bucket with AbortIncompleteMultipartUpload removes what nobody completes"
log = logging.getLogger(__name__)


def tell(client: S3Client, upload: Upload, own: str, since: float) -> None:
    """Warn of other uploads of the key that appeared since a moment of the monotonic clock.

    They are left alone: S3 shows no mark by which one of ours could be told from another run's.
    """
    elapsed = timedelta(seconds=time.monotonic() - since + CLOCK)
    try:
        listed = client.run(upload.call, lambda api: _listed(api, upload))
    except DocumentError as error:
        log.warning("%s: an upload without parts may be left behind (%s); %s", upload.call, error.code, REMEDY)
        return
    started = next((each["Initiated"] for each in listed if each["UploadId"] == own), None)
    window = [each for each in listed if started and started - elapsed <= each["Initiated"] <= started]
    others = ", ".join(each["UploadId"] for each in window if each["UploadId"] != own)
    if others:
        log.warning("%s: may be left behind without parts: upload %s; %s", upload.call, others, REMEDY)


def _listed(api: Api, upload: Upload) -> Sequence[Any]:
    answer = api.list_multipart_uploads(Bucket=upload.call.bucket, Prefix=upload.call.key)
    return [each for each in answer.get("Uploads", ()) if each["Key"] == upload.call.key]
