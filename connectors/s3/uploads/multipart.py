"""Multipart uploads: parts, several at once, become an object; nothing is left behind when one of them fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from connectors.s3.ending import Until
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.failures import failure, library_errors
from connectors.s3.uploads import orphans, verify
from connectors.s3.uploads.slices import MIB, Slice, planned
from connectors.s3.uploads.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_RETRIES = 3
PARTS_AT_ONCE = 4
ABORT_ATTEMPTS = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One part to send: botocore's arguments for it, those of a customer's key, and those of its checksum."""

    slice: Slice
    call: Call
    arguments: dict[str, Any]
    customer: Mapping[str, Any] = field(repr=False)
    checksum: Mapping[str, Any]


Send = Callable[["Api", Part], Mapping[str, Any]]
Ready = Callable[[Call, Slice], AbstractContextManager[Send]]
"""Has room in the budget for a part, and gives what sends it, as often as it takes."""


def assemble(client: S3Client, upload: Upload, ready: Ready) -> Stored:
    """Send every part as `ready` says, and verify what S3 made of them; on any failure the upload is aborted."""
    parts = planned(upload.size, upload.part_size)
    if parts[0].size > upload.part_size:
        log.info("%s: parts of %d MiB, for S3 takes at most 10,000", upload.call, parts[0].size // MIB)
    started = _start(client, upload, ready)
    try:
        receipts = started.send_all(parts)
        upload.call.runtime.check()
        answer = started.complete(receipts)
    except BaseException:
        started.abort()
        raise
    verify.stored(client, upload, answer, receipts)
    return Stored.of(answer, upload.size)


def _start(client: S3Client, upload: Upload, ready: Ready) -> _Started:
    attempts: list[float] = []

    def create(api: Api) -> str:
        attempts.append(time.monotonic())
        wanted = {**upload.place, **upload.arguments, **_algorithm(client, upload), **upload.customer}
        return api.create_multipart_upload(**wanted)["UploadId"]

    started = _Started(client, upload, client.run(upload.call, create), ready)
    if len(attempts) > 1:
        orphans.tell(client, upload, started.id, attempts[0])
    return started


def _algorithm(client: S3Client, upload: Upload) -> dict[str, Any]:
    name = upload.algorithm or client.checksums.algorithm
    return {"ChecksumAlgorithm": name} if name else {}


@dataclass(frozen=True)
class _Started:
    """An upload that S3 knows by its id."""

    client: S3Client
    upload: Upload
    id: str
    ready: Ready

    def send_all(self, parts: list[Slice]) -> list[CompletedPartTypeDef]:
        """Send all parts; what S3 said to each, in their order. The first failure ends the others."""
        failed = threading.Event()
        with ThreadPoolExecutor(PARTS_AT_ONCE, "upload part") as pool:
            futures = [pool.submit(self._send_one, failed, part) for part in parts]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                failed.set()
                pool.shutdown(cancel_futures=True)
                raise
        return [future.result() for future in futures]

    def complete(self, receipts: list[CompletedPartTypeDef]) -> Mapping[str, Any]:
        """Make the object of its parts; a retry that finds its upload gone looks whether that was its own success."""
        attempts = 0

        def send(api: Api) -> Mapping[str, Any]:
            nonlocal attempts
            attempts += 1
            try:
                return api.complete_multipart_upload(
                    **self._reference,
                    MultipartUpload={"Parts": receipts},
                    **self.upload.conditions,
                    **self.upload.customer,
                )
            except library_errors() as error:
                if attempts == 1 or failure(error).code != "NoSuchUpload":
                    raise
                found = verify.own(api, self.upload, receipts)
                if found is None:
                    raise
                return found

        return self.client.run(self.upload.call, send)

    def abort(self) -> None:
        """Have S3 forget the parts; a warning says so if it does not."""
        for attempt in range(1, ABORT_ATTEMPTS + 1):
            try:
                self.client.run_once(self.upload.call, lambda api: api.abort_multipart_upload(**self._reference))
            except library_errors() as error:
                problem = failure(error)
                if problem.transient and attempt < ABORT_ATTEMPTS:
                    continue
                if problem.code != "NoSuchUpload":
                    log.warning("%s: upload %s is not aborted: %s", self.upload.call, self.id, problem.code)
            return

    @property
    def _reference(self) -> dict[str, Any]:
        return {**self.upload.place, "UploadId": self.id}

    def _send_one(self, failed: threading.Event, part: Slice) -> CompletedPartTypeDef:
        call = self.upload.call._replace(runtime=Until(self.upload.call.runtime, failed))
        with self.ready(call, part) as send:
            answer = self.client.run(call, lambda api: send(api, self._part(call, part)), PART_RETRIES)
        receipt: Any = {name: value for name, value in answer.items() if name.startswith(("ETag", "Checksum"))}
        return cast("CompletedPartTypeDef", {**receipt, "PartNumber": part.number})

    def _part(self, call: Call, part: Slice) -> Part:
        checksum = _algorithm(self.client, self.upload)
        return Part(part, call, {**self._reference, "PartNumber": part.number}, self.upload.customer, checksum)
