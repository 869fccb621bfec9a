"""Checksums: sent by default, and given up for a store that refuses them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeVar

from connectors.s3.service.call import Call
from connectors.s3.service.failures import Failure, failure, library_errors

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)

ALGORITHM = "CRC32"
REFUSALS = frozenset(
    {
        "FlexibleChecksum",
        "InvalidTrailer",
        "MalformedTrailerError",
        "MissingContentLength",
        "NotImplemented",
        "SignatureDoesNotMatch",
        "XAmzContentSHA256Mismatch",
    }
)
WORDS = ("checksum", "trailer", "aws-chunked", "x-amz-sdk")


NATIVE = frozenset({"CRC32C", "CRC64NVME"})
"""Algorithms that botocore leaves to Amazon's native library."""


class Checksums:
    """Whether requests to one endpoint carry checksums; a refusal is tested once and then remembered."""

    def __init__(self, mode: str, custom_endpoint: bool) -> None:
        self.active = mode != "when_required"
        self._doubtful = mode == "auto" and custom_endpoint

    @property
    def algorithm(self) -> str | None:
        """The algorithm that parts of an upload are checked with, where checksums are sent."""
        return ALGORITHM if self.active else None

    def guard(self, call: Call, attempt: Callable[[bool], Answer]) -> Answer:
        """The answer of `attempt(checksums)`; if the store refuses checksums, that of another without them."""
        active = self.active
        try:
            return attempt(active)
        except library_errors() as error:
            problem = failure(error)
            if not (active and _refuses(problem) and (self._doubtful or not self.active)):
                raise
            return self._without(call, problem, attempt)

    def _without(self, call: Call, problem: Failure, attempt: Callable[[bool], Answer]) -> Answer:
        was_active, self.active = self.active, False
        try:
            answer = attempt(False)
        except BaseException:
            self.active = was_active
            self._doubtful = False  # checksums were not the reason; do not ask again
            raise
        if self._doubtful:
            self._doubtful = False
            log.warning("%s: %s; the store refuses checksums, going on without them", call, problem.code)
        return answer


def _refuses(problem: Failure) -> bool:
    return problem.code in REFUSALS or (problem.status == 400 and any(word in problem.message for word in WORDS))


def check_installed(name: str | None) -> None:
    """ValueError says what to install, where the algorithm cannot be computed here."""
    if name in NATIVE and find_spec("awscrt") is None:
        raise ValueError(f"checksum {name} needs a library that is not installed: pip install 'process-runner[crt]'")
