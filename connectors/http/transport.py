"""Transport: httpx carries one request and its answer; everything it would decide by itself is switched off."""

from __future__ import annotations

import logging
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING

from connector_sdk import ConfigError, DocumentError, ProcessError, Secret
from connectors.http.connection import HttpConnection
from connectors.http.failures import Interrupted
from connectors.http.message import Answer, Call, Pairs

if TYPE_CHECKING:
    import httpx

INSTALL = "the http connector needs httpx; run: pip install 'process-runner[http]'"
log = logging.getLogger(__name__)


class Transport:
    """Sends requests over connections that it keeps. Safe for threads."""

    def __init__(self, connection: HttpConnection) -> None:
        try:
            import httpx
        except ImportError as error:
            raise ConfigError(INSTALL) from error
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)  # their lines show URLs with keys in them
        self._connection = connection
        self._own = threading.local()
        try:
            self._http = httpx.Client(
                verify=_tls(connection),
                trust_env=False,
                proxy=connection.proxy.get_secret_value() if connection.proxy else None,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                timeout=httpx.Timeout(
                    None,
                    connect=connection.connect_timeout,
                    read=connection.read_timeout,
                    write=connection.write_timeout,
                ),
                limits=httpx.Limits(
                    max_connections=connection.max_connections, max_keepalive_connections=connection.max_connections
                ),
            )
        except (ValueError, httpx.InvalidURL):
            # what was raised quotes the URL, and with it the password
            raise ConfigError("proxy is no URL of a proxy, such as http://proxy.example.com:8080", ("proxy",)) from None

    @contextmanager
    def answer(self, call: Call, url: str, headers: Pairs, digest: bool) -> Iterator[Answer]:
        """The answer to a call that is sent to `url`; Interrupted where there is none. The body is read inside."""
        from httpx import HTTPError, InvalidURL

        fields = [(name.encode(), value.encode()) for name, value in headers]
        try:
            with _interruptions(call):
                request = self._http.build_request(call.method, url, headers=fields, content=call.body)
                response = self._http.send(request, stream=True, auth=self._digest() if digest else None)
        except (InvalidURL, HTTPError) as error:
            raise DocumentError(f"{call} cannot be sent: {type(error).__name__}", "InvalidRequest") from error
        except (KeyError, NotImplementedError) as error:
            if not digest:  # httpx says so of a challenge with an algorithm that it does not know
                raise
            raise ProcessError(f"{call} failed: the server wants a digest of an unknown kind", "401") from error
        try:
            fields_back = tuple((name.decode("latin-1"), _text(value)) for name, value in response.headers.raw)
            raw = _body(call, response)
            yield Answer(call.url, response.status_code, response.reason_phrase, fields_back, raw)
        finally:
            response.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _digest(self) -> httpx.DigestAuth:
        # it counts the requests of a challenge, which threads would do for each other
        import httpx

        if not hasattr(self._own, "digest"):
            user, password = self._connection.username or Secret(""), self._connection.password or Secret("")
            self._own.digest = httpx.DigestAuth(user.get_secret_value(), password.get_secret_value())
        found: httpx.DigestAuth = self._own.digest
        return found


def _body(call: Call, response: httpx.Response) -> Iterator[bytes]:
    with _interruptions(call):
        yield from response.iter_raw()


@contextmanager
def _interruptions(call: Call) -> Iterator[None]:
    """What httpx raises, in our words: whether the request had left by then decides whether it is repeated."""
    import httpx

    try:
        yield
    except httpx.ConnectError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            text = f"{call} failed: {error}; set verify_tls to a file with its authority, if you trust it"
            raise ProcessError(text, "UntrustedCertificate") from error
        raise Interrupted(_name(error), str(error), sent=False) from error
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Interrupted(_name(error), str(error) or "no connection in time", sent=False) from error
    except httpx.ProxyError as error:
        if str(error).startswith("407"):
            raise ProcessError(f"{call} failed: the proxy refuses the connection: {error}", "407") from error
        raise Interrupted("Proxy", str(error), sent=False) from error
    except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise Interrupted(_name(error), str(error) or "no answer in time", sent=True) from error


def _name(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _tls(connection: HttpConnection) -> ssl.SSLContext:
    import httpx

    if isinstance(connection.verify_tls, str):
        context = _trusting(connection.verify_tls)
    else:
        context = httpx.create_ssl_context(verify=connection.verify_tls, trust_env=False)
    if connection.verify_tls is False:
        log.warning("verify_tls is false: whoever answers is taken for the server")
    if connection.certificate:
        _present(context, connection)
    return context


def _trusting(path: str) -> ssl.SSLContext:
    try:
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (ssl.SSLError, OSError) as error:
        raise ConfigError(f"verify_tls: {path} holds no certificates as PEM", ("verify_tls",)) from error


def _present(context: ssl.SSLContext, connection: HttpConnection) -> None:
    """Load the client certificate; Python takes it from files only, which are gone again at once."""
    given = (connection.certificate, connection.private_key, connection.private_key_password)
    certificate, key, password = (each.get_secret_value() if each else "" for each in given)
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        for path, content in zip(paths, (certificate, key), strict=True):
            path.touch(mode=0o600)
            path.write_text(content, encoding="utf-8")
        try:
            context.load_cert_chain(*paths, password=password)
        except (ssl.SSLError, OSError, ValueError):
            text = "certificate and private_key are no pair of PEM texts, or private_key_password is wrong"
            raise ConfigError(text, ("certificate",)) from None
