"""IAM Roles Anywhere: an X.509 certificate is exchanged for temporary credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.exceptions import BotoCoreError

from connector_sdk import ConfigError, ProcessError
from connectors.s3.credentials.network import send
from connectors.s3.credentials.renewal import Temporary
from connectors.s3.credentials.sealed import SealedFile
from connectors.s3.credentials.settings import given, needed
from connectors.s3.credentials.signing import signed_headers

if TYPE_CHECKING:
    from connectors.s3.connection import S3Connection
    from connectors.s3.credentials.x509 import Identity


def source(connection: S3Connection, clock: Callable[[], datetime]) -> Callable[[], Temporary]:
    """A source of credentials, first those of an earlier run; ConfigError for a certificate or key that cannot do."""
    identity = _identity(needed(connection, "certificate"), needed(connection, "private_key"))
    identity.check(clock())
    region = given(connection, "roles_anywhere_custom_region") or needed(connection, "roles_anywhere_region")
    url, body = address(connection, region), _body(connection)
    kept = SealedFile(identity, (url, region, body.decode(), identity.certificate))

    def credentials() -> Temporary:
        found = kept.read()
        if found and found.lasting(clock):
            return found
        identity.check(clock())
        headers = signed_headers(identity, url, region, body, clock())
        fresh = _credentials(_answer(connection, AWSRequest("POST", url, headers, body)))
        kept.write(fresh)
        return fresh

    return credentials


def _identity(certificate: str, private_key: str) -> Identity:
    try:
        from connectors.s3.credentials.x509 import identity
    except ImportError as error:
        raise ConfigError(
            "roles_anywhere needs a library that is not installed: pip install 'process-runner[roles-anywhere]'",
            ("authentication",),
        ) from error
    return identity(certificate, private_key)


def address(connection: S3Connection, region: str) -> str:
    """Where sessions are asked for."""
    host = f"rolesanywhere{'-fips' if connection.use_fips else ''}.{region}.amazonaws.com"
    own = f"https://{host}.cn" if region.startswith("cn-") else f"https://{host}"
    return (connection.roles_anywhere_endpoint_url or own).rstrip("/") + "/sessions"


def _body(connection: S3Connection) -> bytes:
    fields: dict[str, str | int] = {
        "durationSeconds": connection.duration,
        "profileArn": needed(connection, "profile_arn"),
        "roleArn": needed(connection, "role_arn"),
        "trustAnchorArn": needed(connection, "trust_anchor_arn"),
    }
    if name := given(connection, "session_name"):  # only profiles that accept names may be sent one
        fields["roleSessionName"] = name
    return json.dumps(fields).encode()


def _answer(connection: S3Connection, request: AWSRequest) -> AWSResponse:
    try:
        return send(connection, request)
    except BotoCoreError as error:
        raise ProcessError(
            f"IAM Roles Anywhere gives no answer: {error}; check roles_anywhere_region, roles_anywhere_endpoint_url, "
            "proxy and verify_tls",
            "CredentialsUnavailable",
        ) from error


def _credentials(response: AWSResponse) -> Temporary:
    if response.status_code not in (200, 201):
        raise _refusal(response)
    try:
        found = json.loads(response.content)["credentialSet"][0]["credentials"]
        expires = datetime.fromisoformat(found["expiration"])
        return Temporary(found["accessKeyId"], found["secretAccessKey"], found["sessionToken"], expires)
    except (ValueError, LookupError, TypeError):
        # The cause is left out: it may quote the credentials.
        raise ProcessError(
            "IAM Roles Anywhere answered without credentials; check roles_anywhere_endpoint_url", "UnreadableAnswer"
        ) from None


def _refusal(response: AWSResponse) -> ProcessError:
    try:
        told = json.loads(response.content)
    except ValueError:
        told = {}
    message = (told.get("message") or told.get("Message") if isinstance(told, dict) else None) or response.text[:500]
    named = response.headers.get("x-amzn-ErrorType") or (told.get("__type") if isinstance(told, dict) else None)
    code = str(named or response.status_code).partition(":")[0].rpartition("#")[2]
    return ProcessError(f"IAM Roles Anywhere refuses the certificate: {code}: {message}; {_advice(code)}", code)


def _advice(code: str) -> str:
    """What to look at after a refusal of this kind."""
    return {
        "AccessDeniedException": "check that the trust anchor is enabled and vouches for certificate (with its chain), "
        "that the profile is enabled and lists role_arn, that it accepts session names if session_name is set, and "
        "that the role trusts rolesanywhere.amazonaws.com",
        "ResourceNotFoundException": "check trust_anchor_arn, profile_arn, and that roles_anywhere_region is theirs",
        "ValidationException": "check profile_arn, role_arn, trust_anchor_arn, session_name and duration",
    }.get(code, "check the settings of roles_anywhere and the clock of this machine")
