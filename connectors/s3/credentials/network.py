"""How a credential service is reached: with the connection's own proxy, timeouts and trust."""

from __future__ import annotations

from contextlib import closing, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore import UNSIGNED
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from botocore.utils import get_environ_proxies

from connectors.s3.credentials.settings import given

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection

ATTEMPTS = 3


def config(connection: S3Connection, signed: bool) -> Config:
    """For a client of the SDK."""
    options: dict[str, Any] = {"ignore_configured_endpoint_urls": True}  # the type stubs do not know it
    return Config(
        signature_version=None if signed else UNSIGNED,
        connect_timeout=connection.connect_timeout,
        read_timeout=connection.read_timeout,
        proxies=_proxies(connection),
        use_fips_endpoint=connection.use_fips,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        **options,
    )


def send(connection: S3Connection, request: AWSRequest) -> AWSResponse:
    """Send a request that the SDK has no client for, three times if need be; BotoCoreError where there is no answer."""
    with closing(_http(connection, str(request.url))) as http:
        for _ in range(ATTEMPTS - 1):
            with suppress(BotoCoreError):
                response: AWSResponse = http.send(request.prepare())
                if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return response
        return http.send(request.prepare())


def trust(connection: S3Connection) -> bool | str:
    """Whether certificates of servers are verified, or the file with the authorities to trust."""
    if connection.verify_tls is not True:
        return connection.verify_tls
    return Session().get_config_variable("ca_bundle") or True


def _http(connection: S3Connection, url: str) -> URLLib3Session:
    options: dict[str, Any] = {
        "verify": trust(connection),
        "proxies": _proxies(connection) or get_environ_proxies(url),
        "timeout": (connection.connect_timeout, connection.read_timeout),
    }
    return URLLib3Session(**options)


def _proxies(connection: S3Connection) -> dict[str, str] | None:
    proxy = given(connection, "proxy")
    return {"http": proxy, "https": proxy} if proxy else None
