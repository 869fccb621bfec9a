"""Pinned: an object as it was when it was asked for, of which ranges are read, and of no other that takes its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, DocumentError, Runtime
from connectors.s3.direct import broken
from connectors.s3.direct.body import Body, Whole
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Take = Callable[[Any], int]
"""Reads the body of an answer, and tells how many bytes it had."""
CHUNK = 256 << 10
OTHER = frozenset({"PreconditionFailed", "NoSuchKey", "NoSuchVersion", "NotFound", "DeleteMarker"})
"""What S3 says of an object that is gone, or is another one by now."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """One content of an object. `etag` is S3's, in its quotes; `arguments` say which object, with a customer's key.

    What `stays` is read by a later step, whose own system has not refused anything where S3 refuses a range.
    """

    client: S3Client
    call: Call
    size: int
    etag: str
    arguments: Mapping[str, Any] = field(repr=False)
    stays: bool = False

    def fill(self, block: memoryview, start: int, runtime: Runtime) -> None:
        """Read as many bytes as the block holds, from `start` on."""
        self.read(start, start + len(block), runtime, lambda body: filled(body, block, runtime))

    def read(self, start: int, stop: int, runtime: Runtime, take: Take) -> None:
        """Have these bytes taken; all of them again at each retry.

        DocumentError where the object is another one by now (ObjectChanged), or cannot be had.
        """
        call = self.call._replace(runtime=runtime)
        if self.client.closed:
            raise DocumentError(
                f"{call}: the connection was closed before the object was read; read it in the same run, or use "
                "content: fetch",
                "ConnectionClosed",
            )
        try:
            self.client.run(call, lambda api: self._fetch(api, start, stop, take))
        except DocumentError as error:
            if error.code in OTHER:
                raise self._changed(error.code) from error
            if self.stays and isinstance(error, ApplicationError):
                raise DocumentError(str(error), error.code) from error
            raise

    def _fetch(self, api: Api, start: int, stop: int, take: Take) -> None:
        answer = api.get_object(**self.arguments, Range=f"bytes={start}-{stop - 1}", IfMatch=self.etag)
        with closing(answer["Body"]) as body:
            self._look(answer, start, stop)
            count = take(body)
            if count < stop - start or body.read(1):
                raise broken.cut_short(stop - start, count)

    def _look(self, answer: Mapping[str, Any], start: int, stop: int) -> None:
        """Refuse an answer that is not what was asked for, of a store that knows no ranges or no conditions."""
        if answer.get("ETag") != self.etag:
            raise self._changed(f"its ETag was {self.etag} and is {answer.get('ETag')}")
        told = f"bytes {start}-{stop - 1}/{self.size}"
        whole = (start, stop) == (0, self.size)
        if answer.get("ContentRange") != told and not (whole and answer.get("ContentLength") == self.size):
            raise DocumentError(f"{self.call}: the store does not serve ranges of objects", "NoRanges")

    def _changed(self, what: str) -> DocumentError:
        return DocumentError(
            f"{self.call}: the object was changed or deleted after its document was made ({what}); run again",
            "ObjectChanged",
        )


def filled(body: Any, block: memoryview, runtime: Runtime) -> int:
    """How many bytes came, until the block was full."""
    count = 0
    while count < len(block) and (more := _received(body, block[count : count + CHUNK])):
        runtime.check()
        count += more
    return count


def _received(body: Any, place: memoryview) -> int:
    """How many bytes came; what botocore opened gives them as a copy."""
    if isinstance(body, Body | Whole):
        return body.readinto(place)
    piece = body.read(len(place))
    place[: len(piece)] = piece
    return len(piece)
