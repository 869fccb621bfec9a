"""Regions: where each bucket lives, asked of the service once and corrected by its redirects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from connector_sdk.waiting import done
from connectors.s3.service.addressing import Addressing, Style
from connectors.s3.service.call import Call
from connectors.s3.service.failures import failure, library_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api


class Regions:
    """What is known of buckets' regions; safe for threads, and each bucket is asked for by one of them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._corrections: dict[tuple[str, str], str] = {}
        self._asking: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def find(self, bucket: str, ask: Callable[[], tuple[str, bool]], check: Callable[[], None] = lambda: None) -> str:
        """The region of the bucket; `ask` says it where nobody knows, and whether that is worth remembering.

        One asks for all who want to know meanwhile; they get its answer, or its error. `check` is called while they
        wait, and may raise.
        """
        if (known := self._known.get(bucket)) is not None:
            return known
        with self._lock:
            if bucket in self._known:  # since a moment ago
                return self._known[bucket]
            asked = self._asking.get(bucket)
            if is_first := asked is None:
                asked = self._asking[bucket] = Future()
        return self._asked(bucket, ask, asked) if is_first else _waited(asked, check)

    def _asked(self, bucket: str, ask: Callable[[], tuple[str, bool]], told: Future[str]) -> str:
        try:
            region, lasting = ask()
            if lasting:
                self._known[bucket] = region
            told.set_result(region)
            return region
        except BaseException as error:
            told.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._asking[bucket]

    def corrected(self, bucket: str, chosen: str) -> str:
        """The region chosen for a bucket, or the one that S3 has since sent us on to."""
        return self._corrections.get((bucket, chosen), chosen)

    def learn(self, bucket: str, chosen: str, region: str) -> None:
        """Remember what a redirect said to a call with the chosen region, or with none."""
        self._known[bucket] = region
        if chosen:
            self._corrections[bucket, chosen] = region


def _waited(asked: Future[str], check: Callable[[], None]) -> str:
    while not done(asked):
        check()
    return asked.result()


def of_arn(bucket: str) -> str:
    """The region that the ARN of an access point carries; empty for plain names and multi-region access points."""
    return bucket.split(":")[3] if bucket.startswith("arn:") else ""


def ask(call: Call, addressing: Addressing, opened: Callable[[Style], Api]) -> tuple[str, bool]:
    """What HeadBucket says: the region, empty when it names none, and whether the bucket is there to be remembered.

    Every answer will do, a redirect and a refusal too: they carry the same header. Raises what is worth a retry.
    """
    try:
        answer: Any = addressing.guard(call, opened, lambda style: opened(style).head_bucket(Bucket=call.bucket))
    except library_errors() as error:
        problem = failure(error)
        if problem.transient or not problem.status:
            raise
        return problem.region, problem.status != 404
    return answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", ""), True
