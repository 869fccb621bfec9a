"""Regions: where each bucket lives, asked of the service once and corrected by its redirects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connectors.s3.service.addressing import Addressing, Style
from connectors.s3.service.call import Call
from connectors.s3.service.failures import failure, library_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3.client import S3Client as Api


class Regions:
    """What is known of buckets' regions; safe for threads, and each bucket is asked for by one of them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._corrections: dict[tuple[str, str], str] = {}
        self._asking: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def find(self, bucket: str, ask: Callable[[], tuple[str, bool]]) -> str:
        """The region of the bucket; `ask` says it where nobody knows, and whether that is worth remembering."""
        if bucket in self._known:
            return self._known[bucket]
        with self._turn(bucket):
            if bucket in self._known:
                return self._known[bucket]
            region, lasting = ask()
            if lasting:
                self._known[bucket] = region
            return region

    def corrected(self, bucket: str, chosen: str) -> str:
        """The region chosen for a bucket, or the one that S3 has since sent us on to."""
        return self._corrections.get((bucket, chosen), chosen)

    def learn(self, bucket: str, chosen: str, region: str) -> None:
        """Remember what a redirect said to a call with the chosen region, or with none."""
        self._known[bucket] = region
        if chosen:
            self._corrections[bucket, chosen] = region

    @contextmanager
    def _turn(self, bucket: str) -> Iterator[None]:
        with self._lock:
            turn = self._asking.setdefault(bucket, threading.Lock())
        with turn:
            yield
        with self._lock:
            self._asking.pop(bucket, None)


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
