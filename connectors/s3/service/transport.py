"""Transport: what requests of one connection go through, one client for each region; direct ones where they can be."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from connector_sdk import ConfigError
from connectors.s3.connection import S3Connection
from connectors.s3.direct.api import Direct
from connectors.s3.direct.places import Places
from connectors.s3.direct.signature import Signer
from connectors.s3.service.addressing import Style
from connectors.s3.service.vendor import FALLBACK_REGION, Library

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

log = logging.getLogger(__name__)
PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


class Transport:
    """Opens clients and keeps them; safe for threads."""

    def __init__(self, connection: S3Connection) -> None:
        _refuse_broken_keys(connection)
        self._connection = connection
        self._apis: dict[tuple[str, bool, Style], Api] = {}
        self._lock = threading.RLock()
        self._opened: Library | None = None
        if connection.verify_tls is False:
            log.warning("verify_tls is false: whoever answers is taken for the store")
        if connection.authentication not in ("access_keys", "anonymous"):
            self._library  # noqa: B018  # settings of the other kinds are looked at when it is opened

    @property
    def home(self) -> str:
        """The region to ask first."""
        return FALLBACK_REGION if self._connection.endpoint_url else self._library.home

    @property
    def is_direct(self) -> bool:
        """Whether the everyday requests are sent without botocore's client."""
        return not (self._connection.requests == "botocore" or _may_go_through_proxy(self._connection))

    def api(self, region: str, checksums: bool, style: Style) -> Api:
        """The client of a region, with or without checksums that S3 does not insist on, naming buckets in a style."""
        wanted = region, checksums, style
        return self._apis.get(wanted) or self._first(wanted)

    def close(self) -> None:
        """Close the connections of every client."""
        with self._lock:
            for api in self._apis.values():
                api.close()
            self._apis.clear()

    def _first(self, wanted: tuple[str, bool, Style]) -> Api:
        with self._lock:
            if wanted not in self._apis:
                self._apis[wanted] = self._open(*wanted)
            return self._apis[wanted]

    @property
    def _library(self) -> Library:
        with self._lock:
            self._opened = self._opened or Library(self._connection)
            return self._opened

    def _open(self, region: str, checksums: bool, style: Style) -> Any:
        def exact() -> Any:
            return self._library.client(region, checksums, style)

        if not self.is_direct:
            return exact()
        return Direct(exact, self._places(style), Signer(self._credentials(), region), checksums)

    def _places(self, style: Style) -> Places:
        return Places(self._connection, style, lambda: self._library.authorities)

    def _credentials(self) -> Any:
        connection = self._connection
        if connection.authentication == "anonymous":
            return None
        if connection.authentication == "access_keys" and connection.access_key and connection.secret_key:
            token = connection.session_token.get_secret_value() if connection.session_token else None
            return Keys(connection.access_key.get_secret_value(), connection.secret_key.get_secret_value(), token)
        return self._library.credentials


class Keys(NamedTuple):
    """Keys that never change, as a signer takes them."""

    access_key: str
    secret_key: str
    token: str | None

    def __repr__(self) -> str:
        return "Keys()"

    def get_frozen_credentials(self) -> Keys:
        """They are."""
        return self


def _refuse_broken_keys(connection: S3Connection) -> None:
    """ConfigError for keys that no header can hold, such as one read from a file with the end of its line."""
    for name in ("access_key", "session_token"):
        secret = getattr(connection, name)
        text = secret.get_secret_value() if secret else ""
        if not (text.isascii() and text.isprintable()):
            raise ConfigError(f"{name} holds a line break or another character that no key has; remove it", (name,))


def _may_go_through_proxy(connection: S3Connection) -> bool:
    """Whether somebody named a proxy; whether it is meant for this address is botocore's to say."""
    return bool(connection.proxy) or any(os.environ[name] for name in os.environ if name.lower() in PROXIES)
