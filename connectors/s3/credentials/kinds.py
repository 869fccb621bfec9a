"""From the kind of authentication to a session that signs with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import Session

from connectors.s3.credentials import chain, roles_anywhere, sts
from connectors.s3.credentials.renewal import Temporary, renewed
from connectors.s3.credentials.settings import given, needed

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection

Clock = Callable[[], datetime]


def signed_session(connection: S3Connection, clock: Clock) -> Session:
    """A new session with the connection's credentials and no others."""
    session = Session(profile=given(connection, "profile"))
    if connection.authentication == "anonymous":
        session.set_default_client_config(Config(signature_version=UNSIGNED))
    session.register_component("credential_provider", _Provider(_credentials(connection, clock)))
    return session


class _Provider:
    """Stands where the SDK's chain of credential providers stood."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Credentials | None:
        return self._credentials


def _credentials(connection: S3Connection, clock: Clock) -> Credentials | None:
    if connection.authentication == "anonymous":
        return None
    if connection.authentication == "access_keys":
        return _keys(connection)
    return renewed(_source(connection, clock), connection.authentication, clock)


def _keys(connection: S3Connection) -> Credentials:
    keys = needed(connection, "access_key"), needed(connection, "secret_key")
    return Credentials(*keys, given(connection, "session_token"))


def _source(connection: S3Connection, clock: Clock) -> Callable[[], Temporary]:
    """Where temporary credentials come from; settings are checked here, servers are asked when it is called."""
    if connection.authentication == "roles_anywhere":
        return roles_anywhere.source(connection, clock)
    if connection.authentication == "web_identity":
        return sts.web_identity(connection)
    found = partial(chain.credentials, Session(profile=given(connection, "profile")), clock)
    if connection.authentication == "default":
        return found
    return sts.assumed_role(
        connection, _keys(connection) if given(connection, "access_key") else renewed(found, "default", clock)
    )
