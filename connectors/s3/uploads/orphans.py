"""Orphans: uploads that S3 began for a request whose answer was lost, so that nobody knows their ids."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError
from connectors.s3.service.client import S3Client
from connectors.s3.service.failures import failure, library_errors
from connectors.s3.uploads.upload import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

CLOCK = 2.0
"""Seconds by which S3's times of two uploads may be off."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Orphans:
    """Uploads of the same key that appeared while ours was being asked for again."""

    client: S3Client
    upload: Upload
    ids: Sequence[str] = ()

    @classmethod
    def found(cls, client: S3Client, upload: Upload, own: str, since: float) -> Orphans:
        """Those that appeared since a moment of the monotonic clock; none, and a warning, where we may not look."""
        elapsed = timedelta(seconds=time.monotonic() - since + CLOCK)
        try:
            listed = client.run(upload.call, lambda api: _listed(api, upload))
        except DocumentError as error:
            log.warning("%s: an upload without parts may be left behind: %s", upload.call, error.code)
            return cls(client, upload)
        started = next((each["Initiated"] for each in listed if each["UploadId"] == own), None)
        others = [each for each in listed if started and started - elapsed <= each["Initiated"] <= started]
        return cls(client, upload, [each["UploadId"] for each in others if each["UploadId"] != own])

    def abort(self) -> None:
        """Abort those that have no parts to this day: somebody else's would have had some by now."""
        for each in self.ids:
            try:
                self.client.run_once(self.upload.call, partial(_abort_empty, upload=self.upload, id=each))
            except library_errors() as error:
                log.warning("%s: upload %s may be left behind: %s", self.upload.call, each, failure(error).code)


def _listed(api: Api, upload: Upload) -> Sequence[Any]:
    answer = api.list_multipart_uploads(Bucket=upload.call.bucket, Prefix=upload.call.key)
    return [each for each in answer.get("Uploads", ()) if each["Key"] == upload.call.key]


def _abort_empty(api: Api, upload: Upload, id: str) -> None:
    if not api.list_parts(**upload.place, UploadId=id, **upload.customer).get("Parts"):
        api.abort_multipart_upload(**upload.place, UploadId=id)
