"""Signature Version 4 of a request, as S3 wants it."""

from __future__ import annotations

import functools
import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from connector_sdk.waiting import aside

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"

Header = tuple[str, str]
NAME = itemgetter(0)


class Request(NamedTuple):
    """What is signed: `path` and `query` as they are sent, names of headers in lower case, `digest` of the body."""

    method: str
    path: str
    query: str
    headers: Sequence[Header]
    digest: str = EMPTY


class Signer:
    """Signs requests to one region with credentials of botocore's, which renew themselves; None signs nothing."""

    def __init__(self, credentials: Any, region: str) -> None:
        self._credentials = credentials
        self._is_stale: Callable[[], bool] = getattr(credentials, "refresh_needed", bool)
        self._region = region
        self._today = _Day("", "", "", b"")

    def signed(self, request: Request, now: float | None = None) -> list[Header]:
        """All headers of the request; `now` is seconds since 1970."""
        moment = _written(int(time.time() if now is None else now))
        headers = [*request.headers, ("x-amz-content-sha256", request.digest), ("x-amz-date", moment)]
        if self._credentials is None:
            return headers
        keys = self._credentials.get_frozen_credentials
        keys = aside(keys, at_once=True) if self._is_stale() else keys()  # to renew them is a request to somebody else
        if keys.token:
            headers.append(("x-amz-security-token", keys.token))
        headers.sort()
        names = ";".join(map(NAME, headers))
        day = self._today
        if day.name != moment[:8] or day.secret != keys.secret_key:
            day = self._today = _day(moment[:8], keys.secret_key, self._region)
        digest = hashlib.sha256(_canonical(request, headers, names).encode()).hexdigest()
        told = f"{ALGORITHM}\n{moment}\n{day.scope}\n{digest}"
        signature = hmac.digest(day.key, told.encode(), "sha256").hex()
        credential = f"Credential={keys.access_key}/{day.scope}"
        headers.append(("authorization", f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"))
        return headers


class _Day(NamedTuple):
    """What all requests of a day are signed with, for as long as the secret stays."""

    name: str
    secret: str
    scope: str
    key: bytes

    def __repr__(self) -> str:
        return f"_Day({self.scope})"  # the rest is secret


def _day(name: str, secret: str, region: str) -> _Day:
    key = f"AWS4{secret}".encode()
    for part in (name, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return _Day(name, secret, f"{name}/{region}/s3/aws4_request", key)


@functools.lru_cache(maxsize=2)  # of the requests of one second, only the first asks
def _written(second: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


def _canonical(request: Request, headers: Sequence[Header], names: str) -> str:
    lines = "\n".join(map(":".join, headers))
    if "  " in lines or ": " in lines or " \n" in lines or lines.endswith(" "):
        lines = "\n".join([f"{name}:{' '.join(value.split()) if ' ' in value else value}" for name, value in headers])
    return f"{request.method}\n{request.path}\n{request.query}\n{lines}\n\n{names}\n{request.digest}"
