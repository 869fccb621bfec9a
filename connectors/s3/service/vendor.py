"""The vendor's library: botocore's clients of one connection, with its own retrying and redirecting switched off."""

from __future__ import annotations

import base64
import functools
import hashlib
import logging
import os
import re
from functools import partial
from typing import Any, Literal

from connector_sdk import ProcessError
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session
from connectors.s3.direct.moments import moment
from connectors.s3.service import answers
from connectors.s3.service.addressing import Style
from connectors.s3.service.failures import failure, library_errors

log = logging.getLogger(__name__)

FALLBACK_REGION = "us-east-1"
DOTS = re.compile(r"(?<=/)\.{1,2}(?=/|\?|$)")


class Library:
    """Opens botocore's clients from one session. Importing and opening takes half a second, so nobody does early."""

    def __init__(self, connection: S3Connection) -> None:
        self._connection = connection
        if connection.verify_tls is False:
            _silence_about_certificates()
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
        """The region of the environment or the profile."""
        return str(self._session.get_config_variable("region") or FALLBACK_REGION)

    @property
    def credentials(self) -> Any:
        """What requests are signed with, renewed by itself."""
        return self._session.get_credentials()

    @property
    def authorities(self) -> str | None:
        """The file of authorities to trust that the environment or the profile names."""
        return self._session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")

    def client(self, region: str, checksums: bool, style: Style) -> Any:  # botocore's own types know no service
        """A new client of a region, with or without checksums that S3 does not insist on, naming buckets in a style."""
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
        if _in_the_open(api.meta.endpoint_url, self._connection):
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


def _silence_about_certificates() -> None:
    """Whoever set verify_tls to false was told once; urllib3 would say it at every request."""
    import urllib3

    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def _in_the_open(url: str, connection: S3Connection) -> bool:
    """Whether requests go through a proxy that reads them: then urllib3 sends whole URLs, and resolves dots in them."""
    from botocore.utils import get_environ_proxies

    return url.startswith("http:") and bool(connection.proxy or get_environ_proxies(url))


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
