"""Roles taken on at the token service (STS), with other credentials or with a web identity token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from connector_sdk import ProcessError
from connectors.s3.credentials.network import config, trust
from connectors.s3.credentials.renewal import Temporary
from connectors.s3.credentials.settings import given, needed

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection

SESSION_NAME = "process-runner"
TRUST = "check role_arn, and that the role's trust policy lets this identity take it on"


def assumed_role(connection: S3Connection, base: Credentials) -> Callable[[], Temporary]:
    """A source of the role's credentials, asked for with those of `base`."""
    options = _options(connection)
    if external := given(connection, "external_id"):
        options["ExternalId"] = external

    def ask() -> Temporary:
        with closing(_client(connection, base.get_frozen_credentials())) as client:
            return _asked(connection, lambda: client.assume_role(**options))

    return ask


def web_identity(connection: S3Connection) -> Callable[[], Temporary]:
    """A source of the role's credentials, asked for with the token in a file, which is read each time."""
    options = _options(connection)
    path = Path(needed(connection, "web_identity_token_file"))

    def ask() -> Temporary:
        token = _token(path)
        with closing(_client(connection)) as client:
            return _asked(connection, lambda: client.assume_role_with_web_identity(**options, WebIdentityToken=token))

    return ask


def _options(connection: S3Connection) -> dict[str, Any]:
    return {
        "RoleArn": needed(connection, "role_arn"),
        "RoleSessionName": given(connection, "session_name") or SESSION_NAME,
        "DurationSeconds": connection.duration,
    }


def _client(connection: S3Connection, keys: ReadOnlyCredentials | None = None) -> Any:
    return Session().create_client(
        "sts",
        region_name=connection.sts_region,
        endpoint_url=connection.sts_endpoint_url,
        verify=trust(connection),
        aws_access_key_id=keys and keys.access_key,
        aws_secret_access_key=keys and keys.secret_key,
        aws_session_token=keys and keys.token,
        config=config(connection, signed=keys is not None),
    )


def _token(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProcessError(f"cannot read web_identity_token_file {path}: {error}", "NoCredentials") from error


def _asked(connection: S3Connection, ask: Callable[[], Mapping[str, Any]]) -> Temporary:
    try:
        found = ask()["Credentials"]
        return Temporary(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"], found["Expiration"])
    except ClientError as error:
        detail = error.response.get("Error", {})
        code = detail.get("Code", "Unknown")
        raise ProcessError(
            f"STS refuses the role {connection.role_arn}: {code}: {detail.get('Message') or 'no message'}; "
            f"{_advice(code)}",
            code,
        ) from error
    except BotoCoreError as error:
        raise ProcessError(
            f"STS cannot be asked for the role {connection.role_arn}: {error}", "CredentialsUnavailable"
        ) from error
    except (ResponseParserError, LookupError):
        # The cause is left out: it quotes the answer, which may hold half of the credentials.
        raise ProcessError(
            f"STS answers without credentials for the role {connection.role_arn}; check sts_endpoint_url and proxy",
            "UnreadableAnswer",
        ) from None


def _advice(code: str) -> str:
    """What to look at after a refusal of this kind."""
    return {
        "ExpiredTokenException": "check that web_identity_token_file is still being renewed",
        "InvalidClientTokenId": "check access_key, session_token and sts_endpoint_url",
        "InvalidIdentityToken": "check that the account knows the provider that issued the token",
        "SignatureDoesNotMatch": "check secret_key",
        "ValidationError": "check role_arn, session_name, external_id, and how long the role lets a session last",
    }.get(code, TRUST)
