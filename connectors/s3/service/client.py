"""S3Client: sends a call to the right region, climbs the retry ladder, and explains refusals."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from connector_sdk import Runtime
from connectors.s3.connection import S3Connection
from connectors.s3.keys import Advice
from connectors.s3.service import regions
from connectors.s3.service.addressing import Addressing, Style
from connectors.s3.service.call import Call
from connectors.s3.service.checksums import Checksums
from connectors.s3.service.errors import explained
from connectors.s3.service.failures import Failure, failure, library_errors
from connectors.s3.service.retries import climb
from connectors.s3.service.throttle import Throttle
from connectors.s3.service.transport import Transport

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Answer = TypeVar("Answer")
SLOW_DOWN = frozenset({"SlowDown", "ServiceUnavailable", "RequestLimitExceeded", "503"})
log = logging.getLogger(__name__)


class S3Client:
    """What operations call S3 through. Safe for threads."""

    def __init__(self, connection: S3Connection, runtime: Runtime) -> None:
        self.runtime = runtime
        self.connection = connection
        self.checksums = Checksums(connection.checksums, bool(connection.endpoint_url))
        self.addressing = Addressing(connection)
        self.advice = Advice()
        self.throttle = Throttle(connection.max_connections)
        self.closed = False
        self._regions = regions.Regions()
        self._transport = Transport(connection)

    @property
    def is_cooperative(self) -> bool:
        """Whether its everyday requests let others go on in the same thread while they wait."""
        return self._transport.is_direct

    def run(self, call: Call, send: Callable[[Api], Answer], retries: int | None = None) -> Answer:
        """What `send` gives, called with a client of the call's region, again for each retry that the ladder allows.

        `retries` is the most of them, where not all waits are to be used. A redirect is followed once. Raises
        ApplicationError, DocumentError, ProcessError, or Cancelled.
        """
        waits = iter(self.connection.retry.waits[:retries])
        try:
            region = self._region(call, waits)
            return climb(waits, call, lambda: self._attempt(call, region, send), self.throttle.jitter)
        except library_errors() as error:
            problem = failure(error)
            if not problem.misdirected:
                raise explained(call, problem) from error
            return self._redirected(call, send, waits, problem)

    def run_once(self, call: Call, send: Callable[[Api], Answer]) -> Answer:
        """The same without a ladder and without asking whether the run is to end, for clearing up."""
        region = self._region(call, iter(()))
        return send(self._opened(region, self.addressing.style))

    def close(self) -> None:
        """Close every connection."""
        self.closed = True
        self._transport.close()

    def _redirected(
        self, call: Call, send: Callable[[Api], Answer], waits: Iterator[float], redirect: Failure
    ) -> Answer:
        try:
            region = redirect.region or self._ask(call, waits)[0]
            log.info("%s: %s; following to region %s", call, redirect.code, region)
            if call.bucket and redirect.region:
                self._regions.learn(call.bucket, call.region, region)
            return climb(waits, call, lambda: self._attempt(call, region, send), self.throttle.jitter)
        except library_errors() as error:
            raise explained(call, failure(error)) from error

    def _attempt(self, call: Call, region: str, send: Callable[[Api], Answer]) -> Answer:
        self.throttle.begin(call.runtime)
        try:
            answer = self._guarded(call, region, send)
        except library_errors() as error:
            if failure(error).code in SLOW_DOWN:
                self.throttle.slow_down()
            raise
        finally:
            self.throttle.end()
        self.throttle.speed_up()
        return answer

    def _guarded(self, call: Call, region: str, send: Callable[[Api], Answer]) -> Answer:
        def attempt(style: Style) -> Answer:
            return self.checksums.guard(call, lambda active: send(self._transport.api(region, active, style)))

        return self.addressing.guard(call, partial(self._opened, region), attempt)

    def _opened(self, region: str, style: Style) -> Api:
        return self._transport.api(region, self.checksums.active, style)

    def _region(self, call: Call, waits: Iterator[float]) -> str:
        if not call.bucket:
            return call.region or self._transport.home
        if chosen := call.region or regions.of_arn(call.bucket):
            return self._regions.corrected(call.bucket, chosen)
        return self._regions.find(call.bucket, lambda: self._ask(call, waits), call.runtime.check)

    def _ask(self, call: Call, waits: Iterator[float]) -> tuple[str, bool]:
        opened = partial(self._opened, self._transport.home)
        region, lasting = climb(waits, call, lambda: regions.ask(call, self.addressing, opened))
        return region or self._transport.home, lasting
