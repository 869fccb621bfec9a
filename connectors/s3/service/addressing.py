"""Addressing: where requests name their bucket, and the other place for an endpoint that does not take it there."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from connectors.s3.connection import S3Connection
from connectors.s3.service.call import Call
from connectors.s3.service.failures import Failure, failure, library_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Answer = TypeVar("Answer")
Style: TypeAlias = Literal["auto", "path", "virtual"]
log = logging.getLogger(__name__)

CODES = frozenset({"PathStyleDomainForbidden", "SecondLevelDomainForbidden", "VirtualHostDomainRequired"})
WORDS = re.compile(
    r"virtual.?host|virtual.styled?|third.level domain|path.style.*\b(not|forbidden|disabled|denied)\b"
    r"|bucket\b.*\bin (the )?host",
    re.IGNORECASE,
)
"""Only a store that says so is sent a bucket in the host: another would take the key for the name of a bucket."""
REFUSED = frozenset({400, 403, 405})
SERVER_ERROR = 500
ABSENT = frozenset({"NoSuchBucket", "NotFound"})
"""What a store may also say that does not look at the host."""
UNREACHABLE = frozenset({"ConnectTimeout", "EndpointConnection", "SSL", "UntrustedCertificate"})
REASONS = {
    "virtual": "the store wants the bucket in the host; going on so",
    "path": "the host with the bucket's name has no address; going on with the bucket in the path",
}


class Addressing:
    """Where requests to one endpoint name their bucket; with `auto`, what an answer teaches is remembered."""

    def __init__(self, connection: S3Connection) -> None:
        chosen = connection.addressing
        self._first: Style = "path" if chosen == "auto" and connection.endpoint_url else chosen
        self._other: Style = "path" if self._first == "auto" else "virtual"
        self._doubtful = chosen == "auto" and not connection.accelerate
        self._reason: Failure | None = None
        self._asked = False
        self._lock = threading.Lock()
        self.style: Style = self._first

    def guard(self, call: Call, opened: Callable[[Style], Api], attempt: Callable[[Style], Answer]) -> Answer:
        """The answer of `attempt(style)`; where the endpoint takes no bucket there, that of another elsewhere.

        `opened` gives the client of a style, for a question where a refusal has no words.
        """
        style = self.style
        try:
            return attempt(style)
        except library_errors() as error:
            refusal = self._refusal(call, style, failure(error), opened)
            if refusal is None:
                raise
            return self._elsewhere(call, refusal, error, attempt)

    def _refusal(self, call: Call, style: Style, problem: Failure, opened: Callable[[Style], Api]) -> Failure | None:
        """What says that the bucket belongs elsewhere, or None."""
        named = call.bucket and not call.bucket.startswith("arn:")
        if not named or style != self._first or not self._doubtful:
            return None
        if style == "auto":
            return problem if problem.unresolved else None
        if problem.wordless and problem.status in REFUSED and not problem.region:
            problem = self._words(opened(style), call.bucket) or problem
        return problem if _wants_host(problem) else None

    def _words(self, api: Api, bucket: str) -> Failure | None:
        """Why the answers to HEAD refuse, which have no words: asked once, by a request that has and only reads."""
        with self._lock:
            if not self._asked:
                self._asked = True
                try:
                    api.get_bucket_location(Bucket=bucket)
                except library_errors() as error:
                    self._reason = failure(error)
            return self._reason

    def _elsewhere(
        self, call: Call, refusal: Failure, refused: BaseException, attempt: Callable[[Style], Answer]
    ) -> Answer:
        try:
            answer = attempt(self._other)
        except library_errors() as error:
            problem = failure(error)
            if _wants_host(problem):
                self._doubtful = False  # this was not the reason; do not ask again
            if _wants_host(problem) or problem.code in UNREACHABLE:
                raise refused from error
            if 0 < problem.status < SERVER_ERROR and problem.code not in ABSENT:
                self._go_on(call, refusal)
            raise
        self._go_on(call, refusal)
        return answer

    def _go_on(self, call: Call, refusal: Failure) -> None:
        with self._lock:
            known, self.style = self.style == self._other, self._other
        if not known:
            log.warning("%s: %s; %s", call, refusal.code, REASONS[self._other])


def _wants_host(problem: Failure) -> bool:
    return problem.code in CODES or (problem.status in REFUSED and bool(WORDS.search(problem.message)))
