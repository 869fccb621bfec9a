"""The account behind a connection: what it can see, and whether it can see anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, Check, ConnectorError, DocumentError, ProcessError, Runtime
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3.client import S3Client as Api

PAGE = 1000
"""With a page's size, S3 also says where each bucket is."""


def buckets(client: S3Client, call: Call, retries: int | None = None, **arguments: Any) -> Iterator[Mapping[str, Any]]:
    """Every bucket the account can see, in any region, as ListBuckets describes it; `retries` as in S3Client.run."""
    arguments = {"MaxBuckets": PAGE, **arguments}
    while True:
        page = client.run(call, partial(_page, arguments=arguments), retries)
        yield from page.get("Buckets", ())
        if not page.get("ContinuationToken"):
            return
        arguments = {**arguments, "ContinuationToken": page["ContinuationToken"]}


def bucket_names(client: S3Client, runtime: Runtime) -> Iterator[str]:
    """The names of those buckets; ProcessError if S3 refuses to list them. People wait for it: one retry, no ladder."""
    try:
        for bucket in buckets(client, Call("list buckets", runtime), retries=1):
            yield bucket["Name"]
    except DocumentError as error:
        raise ProcessError(str(error), error.code) from error


def checks(client: S3Client) -> Iterator[Check]:
    """One listing of the account's buckets, told layer by layer."""
    listing = Listing(client)
    yield Check("network", listing.is_answered, "correct endpoint_url, proxy or verify_tls, or start the server")
    yield Check(
        "credentials",
        listing.is_accepted,
        "correct the settings of authentication; a wrong clock on this machine refuses them too",
    )
    yield Check(
        "permission",
        listing.is_allowed,
        "allow s3:ListAllMyBuckets; operations on buckets that they name work without",
        needed=False,
    )


class Listing:
    """One listing of the account's buckets, made when first asked for, of which each check tells its part."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def is_answered(self) -> str:
        """S3 is in reach and answers; DocumentError or ProcessError otherwise."""
        if self._refusal and self._layer == "network":
            raise self._refusal
        return f"{self._client.connection.endpoint_url or 'Amazon S3'} answers"

    def is_accepted(self) -> str:
        """The credentials are known; ProcessError or ConfigError otherwise."""
        if self._refusal and self._layer == "credentials":
            raise self._refusal
        return f"{self._client.connection.authentication} accepted"

    def is_allowed(self) -> str:
        """The account may list its buckets; ApplicationError otherwise."""
        if self._refusal:
            raise self._refusal
        return f"lists {len(self._names)} bucket{'' if len(self._names) == 1 else 's'}"

    @property
    def _layer(self) -> str:
        """The layer that the refusal is about."""
        if isinstance(self._refusal, ApplicationError):
            return "permission"
        is_of_network = isinstance(self._refusal, DocumentError) or (
            isinstance(self._refusal, ProcessError) and self._refusal.code == "UntrustedCertificate"
        )
        return "network" if is_of_network else "credentials"

    @cached_property
    def _names(self) -> list[str]:
        call = Call("list buckets", self._client.runtime)
        return [bucket["Name"] for bucket in buckets(self._client, call, retries=1)]

    @cached_property
    def _refusal(self) -> ConnectorError | None:
        try:
            self._names  # noqa: B018  # the look is the listing
        except ConnectorError as error:
            return error
        return None


def _page(api: Api, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return api.list_buckets(**arguments)
