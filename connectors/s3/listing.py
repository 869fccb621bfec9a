"""Listings: every page of a bucket, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError
from connectors.s3 import facts
from connectors.s3.direct.columns import Columns
from connectors.s3.facts import Entry
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Page = Mapping[str, Any]
Onward = Callable[[Page], dict[str, Any]]
"""The arguments that the page after this one is asked for with; none where it does not say."""


def objects(client: S3Client, call: Call, **arguments: Any) -> Iterator[Page]:
    """The pages of ListObjectsV2 for these of its arguments; each is asked for when it is needed."""
    return _pages(client, call, "list_objects_v2", arguments, _next_objects)


def entries(page: Page) -> Iterable[Entry]:
    """The objects of a page of ListObjectsV2."""
    found = page.get("Contents", ())
    return found.rows() if isinstance(found, Columns) else map(_entry, found)


def versions(client: S3Client, call: Call, **arguments: Any) -> Iterator[Page]:
    """The pages of ListObjectVersions."""
    return _pages(client, call, "list_object_versions", arguments, _next_versions)


def _pages(client: S3Client, call: Call, method: str, arguments: Mapping[str, Any], onward: Onward) -> Iterator[Page]:
    place: dict[str, Any] = {"Bucket": call.bucket, **arguments}
    while True:
        page = client.run(call, partial(_page, method=method, place=place))
        yield page
        if not page.get("IsTruncated"):
            return
        following = {**place, **onward(page)}
        if following == place:
            raise DocumentError(f"{call}: the service says that there is more, but not how to ask", "BadListing")
        place = following


def _page(api: Api, method: str, place: dict[str, Any]) -> Page:
    page: Page = getattr(api, method)(**place)
    return page


def _entry(found: Mapping[str, Any]) -> Entry:
    modified, size = facts.timestamp(found["LastModified"]), found.get("Size")
    return found["Key"], modified, found.get("ETag"), None if size is None else str(size), found.get("StorageClass")


def _next_objects(page: Page) -> dict[str, Any]:
    token = page.get("NextContinuationToken")
    return {"ContinuationToken": token} if token else {}


def _next_versions(page: Page) -> dict[str, Any]:
    marker, version = page.get("NextKeyMarker"), page.get("NextVersionIdMarker")
    return {"KeyMarker": marker, "VersionIdMarker": version or ""} if marker else {}
