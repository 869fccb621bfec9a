"""Transport: httpx carries one request and its answer, and decides nothing."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector_sdk import ConfigError, DocumentError, ProcessError
from connectors.http import tls
from connectors.http.connection import HttpConnection
from connectors.http.credentials import plain
from connectors.http.failures import Interrupted
from connectors.http.message import Answer, Call, Pairs

if TYPE_CHECKING:
    import httpx

INSTALL = "the http connector needs httpx; run: pip install 'process-runner[http]'"
IDLE = 1.0
"""Seconds after which an idle connection is not used again: servers close theirs after 2 s and more, and a POST that
meets the closing could not be sent again."""
REFUSED_BY_TLS = "_ALERT_"
"""What Python's names of errors have in common that the other side of a handshake raised."""


class Transport:
    """Sends requests over connections that it keeps. Safe for threads.

    It is below what httpx calls a client: no redirects, cookies, proxies of the environment or netrc files.
    """

    def __init__(self, connection: HttpConnection) -> None:
        logging.getLogger("httpcore").setLevel(logging.WARNING)  # its lines show URLs with keys in them
        self._connection = connection
        self._own = threading.local()
        self._http = _opened(connection)
        timeouts = {"connect": connection.connect_timeout, "read": connection.read_timeout}
        self._timeouts = {**timeouts, "write": connection.write_timeout, "pool": None}

    @contextmanager
    def answer(self, call: Call, url: str, headers: Pairs, digest: bool) -> Iterator[Answer]:
        """The answer to a call that is sent to `url`; Interrupted where there is none. The body is read inside."""
        import httpx

        until = time.monotonic() + (self._connection.total_timeout or math.inf)
        try:
            with _interruptions(call):
                fields = [(name.encode(), value.encode()) for name, value in headers]
                extensions = {"timeout": self._timeouts}
                request = httpx.Request(call.method, url, headers=fields, content=call.body, extensions=extensions)
                response = self._challenged(call, request) if digest else self._http.handle_request(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DocumentError(f"{call} cannot be sent: {type(error).__name__}", "InvalidRequest") from error
        try:
            known = tuple((name.decode("latin-1"), _text(value)) for name, value in response.headers.raw)
            yield Answer(call.url, response.status_code, response.reason_phrase, known, _body(call, response, until))
        finally:
            response.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _challenged(self, call: Call, request: httpx.Request) -> httpx.Response:
        """The answer to a request that is sent again where the server asks for a digest."""
        import httpx

        steps = self._digest().auth_flow(request)
        following = next(steps)
        while True:
            response = self._http.handle_request(following)
            response.request = following
            try:
                following = steps.send(response)
            except StopIteration:
                return response
            except (httpx.ProtocolError, KeyError, NotImplementedError) as error:  # all that httpx knows no answer to
                response.close()
                text = f"{call} failed: the server asks for a digest of a kind that is not known"
                raise ProcessError(text, str(response.status_code)) from error
            response.close()

    def _digest(self) -> httpx.DigestAuth:
        # it counts the requests of a challenge, and threads would count each other's
        import httpx

        if not hasattr(self._own, "digest"):
            self._own.digest = httpx.DigestAuth(plain(self._connection.username), plain(self._connection.password))
        found: httpx.DigestAuth = self._own.digest
        return found


def _opened(connection: HttpConnection) -> httpx.HTTPTransport:
    try:
        import httpx
    except ImportError as error:
        raise ConfigError(INSTALL) from error
    most = connection.max_connections
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=IDLE)
    context = tls.context(connection)
    try:
        return httpx.HTTPTransport(
            verify=context, trust_env=False, limits=limits, proxy=plain(connection.proxy) or None
        )
    except (ValueError, httpx.InvalidURL):
        # what was raised quotes the URL, and with it the password
        raise ConfigError("proxy is no URL such as http://proxy.example.com:8080", ("proxy",)) from None
    except ImportError as error:
        raise ConfigError("a socks proxy needs more; run: pip install 'httpx[socks]'", ("proxy",)) from error


def _body(call: Call, response: httpx.Response, until: float) -> Iterator[bytes]:
    with _interruptions(call):
        for piece in response.iter_raw():
            if time.monotonic() > until:
                raise Interrupted("TotalTimeout", "the answer took longer than total_timeout", sent=True)
            yield piece


@contextmanager
def _interruptions(call: Call) -> Iterator[None]:
    """What httpx raises, in our words: whether the request had left by then decides whether it is repeated."""
    import httpx

    try:
        yield
    except httpx.NetworkError as error:
        if REFUSED_BY_TLS in str(error):
            text = f"{call} failed: {error}; the server wants another certificate, or another version of TLS"
            raise ProcessError(text, "CertificateRefused") from error
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            text = f"{call} failed: {error}; set verify_tls to a file with its authority, if you trust it"
            raise ProcessError(text, "UntrustedCertificate") from error
        raise Interrupted(_name(error), str(error), sent=not isinstance(error, httpx.ConnectError)) from error
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Interrupted(_name(error), str(error) or "no connection in time", sent=False) from error
    except httpx.ProxyError as error:
        if str(error).startswith("407"):
            raise ProcessError(f"{call} failed: the proxy refuses the connection: {error}", "407") from error
        raise Interrupted(_name(error), str(error), sent=False) from error
    except (httpx.TimeoutException, httpx.RemoteProtocolError) as error:
        raise Interrupted(_name(error), str(error) or "no answer in time", sent=True) from error


def _name(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
