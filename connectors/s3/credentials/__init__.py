"""Credentials of a connection: six kinds behind one session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.session import Session

    from connectors.s3.connection import S3Connection


def session(connection: S3Connection) -> Session:
    """A session whose clients sign with the connection's credentials and renew them before they expire."""
    import botocore.session

    made = botocore.session.Session()
    if connection.authentication == "anonymous":
        _unsigned(made)
    elif connection.authentication == "access_keys":
        _fixed(made, connection)
    return made


def _unsigned(made: Session) -> None:
    from botocore import UNSIGNED
    from botocore.config import Config

    made.set_default_client_config(Config(signature_version=UNSIGNED))


def _fixed(made: Session, connection: S3Connection) -> None:
    from connector_sdk import ConfigError

    if connection.access_key is None or connection.secret_key is None:
        missing = "access_key" if connection.access_key is None else "secret_key"
        raise ConfigError(f"authentication access_keys needs {missing}", (missing,))
    token = connection.session_token
    made.set_credentials(
        _plain(connection.access_key), _plain(connection.secret_key), _plain(token) if token is not None else None
    )


def _plain(value: object) -> str:
    reveal = getattr(value, "get_secret_value", None)
    return str(reveal() if reveal else value)
