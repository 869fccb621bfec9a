"""Transport: botocore clients of one connection, one for each region, with all of its own retrying switched off."""

from __future__ import annotations

import base64
import functools
import hashlib
import logging
import re
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from connector_sdk import ProcessError
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session
from connectors.s3.direct.api import Direct
from connectors.s3.direct.moments import moment
from connectors.s3.direct.places import Places
from connectors.s3.direct.signature import Signer
from connectors.s3.service import answers
from connectors.s3.service.addressing import Style
from connectors.s3.service.failures import failure, library_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

log = logging.getLogger(__name__)

FALLBACK_REGION = "us-east-1"
DOTS = re.compile(r"(?<=/)\.{1,2}(?=/|\?|$)")


class Transport:
    """Opens botocore clients from one session and keeps them; safe for threads."""

    def __init__(self, connection: S3Connection) -> None:
        self._connection = connection
        self._apis: dict[tuple[str, bool, Style], Api] = {}
        self._lock = threading.Lock()
        if connection.verify_tls is False:
            _accept_any_certificate()
        for name in ("botocore", "urllib3"):
            logging.getLogger(name).setLevel(logging.WARNING)  # their debug lines show secret headers
        try:
            self._session = session(connection)
        except library_errors() as error:
            raise ProcessError(f"no credentials: {error}", failure(error).code) from error
        self._session.register_component("data_loader", _loader())
        parsers = self._session.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=moment)

    @property
    def home(self) -> str:
        """The region to ask first."""
        if self._connection.endpoint_url:
            return FALLBACK_REGION
        return str(self._session.get_config_variable("region") or FALLBACK_REGION)

    def api(self, region: str, checksums: bool, style: Style) -> Api:
        """The client of a region, with or without checksums that S3 does not insist on, naming buckets in a style."""
        with self._lock:
            found = self._apis.get((region, checksums, style))
            if found is None:
                found = self._apis[region, checksums, style] = self._open(region, checksums, style)
            return found

    def close(self) -> None:
        """Close the connections of every client."""
        with self._lock:
            for api in self._apis.values():
                api.close()
            self._apis.clear()

    @property
    def credentials(self) -> Any:
        """What requests are signed with, renewed by itself; None where they are not."""
        return None if self._connection.authentication == "anonymous" else self._session.get_credentials()

    def _open(self, region: str, checksums: bool, style: Style) -> Any:
        api = self.exact(region, checksums, style)
        if self._connection.requests == "botocore" or _through_proxy(api.meta.endpoint_url, self._connection):
            return api
        return Direct(api, Places(api, self._connection), Signer(self.credentials, region), checksums)

    def exact(self, region: str, checksums: bool, style: Style) -> Any:  # botocore's own types know no service
        """A new client of botocore's alone."""
        api: Any = self._session.create_client(
            "s3",
            region_name=region,
            endpoint_url=self._connection.endpoint_url,
            verify=None if self._connection.verify_tls is True else self._connection.verify_tls,
            config=_config(self._connection, checksums, style),
        )
        api.meta.events.register_last("before-parameter-build.s3", _no_redirects)
        api.meta.events.register_last("before-endpoint-resolution.s3", partial(_regional, region))
        api.meta.events.register_first("before-parse.s3", answers.check)
        url = api.meta.endpoint_url
        if url.startswith("http:") and _through_proxy(url, self._connection):
            api.meta.events.register("before-send.s3", _keep_dots)
        if self._connection.endpoint_url:
            api.meta.events.register("before-call.s3.DeleteObjects", _add_digest)
        return api


@functools.cache
def _loader() -> Any:
    """Reads botocore's description of S3, which is large and the same for every session, once."""
    from botocore.loaders import create_loader

    return create_loader()


def _config(connection: S3Connection, checksums: bool, style: Style) -> Any:
    from botocore import UNSIGNED
    from botocore.config import Config

    proxy = connection.proxy and connection.proxy.get_secret_value()
    when: Literal["when_supported", "when_required"] = "when_supported" if checksums else "when_required"
    return Config(
        signature_version=UNSIGNED if connection.authentication == "anonymous" else "s3v4",
        connect_timeout=connection.connect_timeout,
        read_timeout=connection.read_timeout,
        max_pool_connections=connection.max_connections,
        proxies={"http": proxy, "https": proxy} if proxy else None,
        retries={"total_max_attempts": 1, "mode": "standard"},
        use_fips_endpoint=connection.use_fips,
        use_dualstack_endpoint=connection.use_dualstack,
        ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]  # missing in botocore-stubs
        request_checksum_calculation=when,
        response_checksum_validation=when,
        s3={
            "addressing_style": style,
            "use_accelerate_endpoint": connection.accelerate,
            "us_east_1_regional_endpoint": "regional",
        },
    )


def _accept_any_certificate() -> None:
    """Say once what urllib3 would say at every request."""
    import urllib3

    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    log.warning("verify_tls is false: whoever answers is taken for the store")


def _through_proxy(url: str, connection: S3Connection) -> bool:
    """Whether requests go through a proxy; to one that reads them urllib3 sends whole URLs, and resolves their dots."""
    from botocore.utils import get_environ_proxies

    return bool(connection.proxy or get_environ_proxies(url))


def _keep_dots(request: Any, **rest: Any) -> None:
    """Escape the dots of the segments `.` and `..` after signing; S3 signs what the escapes stand for."""
    request.url = DOTS.sub(lambda dots: dots[0].replace(".", "%2E"), request.url)


def _no_redirects(context: dict[str, Any], **rest: Any) -> None:
    """Make botocore's redirector believe that it has done its one redirect, for it asks S3 behind our back."""
    if "s3_redirect" in context:
        context["s3_redirect"]["redirected"] = True


def _regional(region: str, builtins: dict[str, Any], **rest: Any) -> None:
    """Use the region's own endpoint, also for presigned URLs, where botocore prefers the global one."""
    builtins.update({"AWS::Region": region, "AWS::S3::UseGlobalEndpoint": False})


def _add_digest(params: dict[str, Any], **rest: Any) -> None:
    """Add the Content-MD5 that older stores demand of a batch."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"].setdefault("Content-MD5", base64.b64encode(digest).decode())
