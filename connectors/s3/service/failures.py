"""Failures: what botocore raised, in the terms that retries, regions and messages need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from socket import gaierror
from typing import TYPE_CHECKING, Any, NamedTuple

from connector_sdk import ConnectorError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

REGION = re.compile(r"[a-z]{2,}(-[a-z0-9]+)+")
NOT_IMPLEMENTED = 501
"""No failure that passes: the store will not learn it while we wait."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MISDIRECTED = frozenset({"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"})
REFUSED_IN_SUCCESS = frozenset(
    {
        "AccessDenied",
        "BadDigest",
        "EntityTooLarge",
        "EntityTooSmall",
        "InvalidArgument",
        "InvalidObjectState",
        "InvalidPart",
        "InvalidPartOrder",
        "InvalidRequest",
        "NoSuchBucket",
        "NoSuchKey",
        "NoSuchUpload",
        "PreconditionFailed",
    }
)
"""Refusals that may stand in an answer of success; botocore gives it the status 500, which is worth a retry."""
HEAD_CODES = {
    "400": "BadRequest",
    "403": "AccessDenied",
    "404": "NotFound",
    "412": "PreconditionFailed",
    "501": "NotImplemented",
}


class Failure(NamedTuple):
    """One failed attempt; `status` is 0 where there was no answer, `region` what S3 named, if it did.

    `wordless` is an answer without a body, which says no more than its status; `unresolved` is a host without address.
    """

    code: str
    message: str
    status: int = 0
    region: str = ""
    transient: bool = False
    misdirected: bool = False
    credentials: bool = False
    delete_marker: bool = False
    wordless: bool = False
    unresolved: bool = False


class Partial(Exception):
    """An answer of success that carries errors worth a retry, such as some keys of a batch."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def library_errors() -> tuple[type[BaseException], ...]:
    """Everything that an attempt may raise and `failure` understands."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    return (ClientError, BotoCoreError, ResponseParserError, HTTPError, ConnectionError, TimeoutError, Partial)


def failure(error: BaseException) -> Failure:
    """What went wrong. Raises errors of the SDK again that only travelled through botocore, such as Cancelled."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    if isinstance(error, Partial):
        return Failure(error.code, str(error), 200, transient=True)
    if isinstance(error, ClientError):
        return _answered(error)
    if isinstance(error, BotoCoreError):
        _raise_ours(error)
        return _library(error)
    if isinstance(error, ResponseParserError):  # its text quotes the answer, which may be anything
        return Failure("UnreadableAnswer", "the answer is not what S3 says", transient=True)
    return Failure(type(error).__name__, str(error), transient=True)


def _answered(error: ClientError) -> Failure:
    detail: Mapping[str, Any] = error.response.get("Error", {})
    metadata: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    headers: Mapping[str, str] = metadata.get("HTTPHeaders", {})
    status = int(metadata.get("HTTPStatusCode", 0))
    code = str(detail.get("Code", "Unknown"))
    return Failure(
        code=HEAD_CODES.get(code, code),
        message=str(detail.get("Message") or ""),
        status=status,
        region=_named_region(headers, detail),
        transient=status >= 500 and status != NOT_IMPLEMENTED and code not in REFUSED_IN_SUCCESS,
        misdirected=status in REDIRECTS or code in MISDIRECTED or (code == "400" and "x-amz-bucket-region" in headers),
        credentials=code in _credential_codes(),
        delete_marker=headers.get("x-amz-delete-marker") == "true",
        wordless=code.isdigit(),
    )


def _named_region(headers: Mapping[str, str], detail: Mapping[str, Any]) -> str:
    """The region that S3 names in a header, in the body, in the endpoint it recommends, or in its message."""
    named = re.search(r"expecting '([a-z0-9-]+)'", str(detail.get("Message", "")))
    endpoint = re.search(r"\bs3[.-]([a-z0-9-]+)\.amazonaws\.", str(detail.get("Endpoint", "")))
    found = [
        headers.get("x-amz-bucket-region"),
        detail.get("Region"),
        *(each and each[1] for each in (endpoint, named)),
    ]
    return next((str(each) for each in found if each and REGION.fullmatch(str(each))), "")


def _library(error: BaseException) -> Failure:
    from botocore import exceptions as known

    credentials = (
        known.NoCredentialsError,
        known.PartialCredentialsError,
        known.CredentialRetrievalError,
        known.TokenRetrievalError,
        known.SSOError,
        known.MetadataRetrievalError,
        known.ProfileNotFound,
    )
    if isinstance(error, credentials):
        return Failure("CredentialsRefused", str(error), credentials=True)
    if isinstance(error, known.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Failure("UntrustedCertificate", str(error))
    transport = (
        known.HTTPClientError,
        known.ConnectionError,
        known.IncompleteReadError,
        known.ResponseStreamingError,
        known.FlexibleChecksumError,
    )
    return Failure(_name(error), str(error), transient=isinstance(error, transport), unresolved=_unresolved(error))


def _unresolved(error: BaseException) -> bool:
    from urllib3.exceptions import NameResolutionError

    return isinstance(getattr(error, "kwargs", {}).get("error"), NameResolutionError | gaierror)


def _name(error: BaseException) -> str:
    return type(error).__name__.removesuffix("Error")


def _raise_ours(error: BaseException) -> None:
    inner = getattr(error, "kwargs", {}).get("error")
    if isinstance(inner, ConnectorError):
        raise inner from error


def _credential_codes() -> frozenset[str]:
    """S3's codes for credentials that no document of the run will be served with."""
    return frozenset(
        {
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSecurity",
            "InvalidToken",
            "NotSignedUp",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "TokenRefreshRequired",
            "UnrecognizedClientException",
        }
    )
