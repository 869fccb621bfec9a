"""The account behind a connection: what it can see, and whether it can see anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError, ProcessError, Runtime
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


def described(client: S3Client, runtime: Runtime) -> str:
    """A sentence that says how many buckets there are; ProcessError if S3 refuses to list them."""
    count = sum(1 for _ in bucket_names(client, runtime))
    return f"S3 accepts the credentials and lists {count} bucket{'' if count == 1 else 's'}"


def _page(api: Api, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return api.list_buckets(**arguments)
