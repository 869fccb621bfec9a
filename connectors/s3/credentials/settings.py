"""Reading a connection's settings for the kind of authentication it chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_sdk import ConfigError, Secret

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection


def given(connection: S3Connection, name: str) -> str | None:
    """A setting as plain text, secrets too; None where it is not set or empty."""
    value = getattr(connection, name, None)
    plain = value.get_secret_value() if isinstance(value, Secret) else value
    return str(plain) if plain else None


def needed(connection: S3Connection, name: str) -> str:
    """A setting that this kind of authentication cannot do without; ConfigError names it."""
    value = given(connection, name)
    if value is None:
        raise ConfigError(f"authentication {connection.authentication} needs {name}", (name,))
    return value
