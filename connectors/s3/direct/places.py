"""Places: at which host, and under which path, a bucket is found."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from connectors.s3.direct.actions import NotDirect
from connectors.s3.direct.pool import Pool
from connectors.s3.direct.wire import Host

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection
    from connectors.s3.direct.tls import Tls

PORTS = {"http": 80, "https": 443}
SIMPLE = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""Names that are the same in a URL."""
ARN = "arn:"
ELSEWHERE = ("--x-s3", "--xa-s3", "--op-s3")
"""Buckets by their ARN, directory buckets, their access points and those of Outposts are signed in other ways."""


class Place(NamedTuple):
    """A bucket's own: what comes before a key, as `/BUCKET` or nothing, and the wires that lead there."""

    authority: str
    prefix: str
    is_private: bool
    """Whether nobody can read or change what is sent."""
    pool: Pool


class Places:
    """Finds each bucket once; safe for threads.

    In the path of another store it is where everybody would look; elsewhere botocore is asked.
    """

    def __init__(self, connection: S3Connection, style: str, authorities: Callable[[], str | None]) -> None:
        """`authorities` gives the file of those that the machine trusts, where it names one of its own."""
        self._connection = connection
        self._authorities = authorities
        self._in_path = connection.endpoint_url if style == "path" else None
        self._places: dict[str, Place] = {}
        self._pools: dict[str, Pool] = {}
        self._tls: Tls | None = None
        self._lock = threading.Lock()

    def of(self, bucket: str, exact: Callable[[], Any]) -> Place:
        """The bucket's place; NotDirect where botocore has more to do than to name it. `exact` gives its client."""
        found = self._places.get(bucket)
        if found is None:
            url = self._url(bucket, exact)
            authority = _authority(url)
            with self._lock:
                found = self._places[bucket] = self._places.get(bucket) or self._found(url, authority)
        return found

    def close(self) -> None:
        """Hang up on everybody."""
        for pool in list(self._pools.values()):  # somebody may find one more meanwhile
            pool.close()

    def _url(self, bucket: str, exact: Callable[[], Any]) -> SplitResult:
        """The address of the key `k`."""
        if bucket.startswith(ARN) or bucket.endswith(ELSEWHERE):
            raise NotDirect(bucket)
        if self._in_path and SIMPLE.fullmatch(bucket):
            return urlsplit(f"{self._in_path.rstrip('/')}/{bucket}/k")
        from botocore.exceptions import BotoCoreError

        try:
            named: str = exact().generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
        except BotoCoreError as error:
            raise NotDirect(bucket) from error
        return urlsplit(named)

    def _found(self, url: SplitResult, authority: str) -> Place:
        root = f"{url.scheme}://{authority}"
        if root not in self._pools:
            self._pools[root] = Pool(self._host(url), self._connection.max_connections)
        return Place(authority, url.path.removesuffix("/k"), url.scheme == "https", self._pools[root])

    def _host(self, url: SplitResult) -> Host:
        timeouts = self._connection.connect_timeout, self._connection.read_timeout
        tls = self._secured() if url.scheme == "https" else None
        return Host(url.hostname or "", url.port or PORTS[url.scheme], timeouts, tls)

    def _secured(self) -> Tls:
        if self._tls is None:
            from connectors.s3.direct.tls import Tls

            trusted = self._connection.verify_tls
            self._tls = Tls(trusted if trusted is not True else self._authorities() or True)
        return self._tls


def _authority(url: SplitResult) -> str:
    """The host as botocore writes it: in lower case, with a port that is not the usual one; NotDirect if it is none."""
    try:
        name, port = url.hostname or "", url.port
    except ValueError as error:
        raise NotDirect(url.netloc) from error
    name = f"[{name}]" if ":" in name else name
    return name if port in (None, PORTS[url.scheme]) else f"{name}:{port}"
