"""Listings: every page of a bucket, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_sdk import DocumentError
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Page = Mapping[str, Any]


def objects(client: S3Client, call: Call, **arguments: Any) -> Iterator[Page]:
    """The pages of ListObjectsV2 for these of its arguments; each is asked for when it is needed."""
    place: dict[str, Any] = {"Bucket": call.bucket, **arguments}
    while True:
        page = client.run(call, partial(_page, place=place))
        yield page
        if not page.get("IsTruncated"):
            return
        if page.get("NextContinuationToken") in (None, place.get("ContinuationToken")):
            raise DocumentError(f"{call}: the service says that there is more, but not how to ask", "BadListing")
        place = {**place, "ContinuationToken": page["NextContinuationToken"]}


def _page(api: Api, place: dict[str, Any]) -> Page:
    return api.list_objects_v2(**place)


def versions(client: S3Client, call: Call, **arguments: Any) -> Iterator[Page]:
    """The pages of ListObjectVersions."""
    place: dict[str, Any] = {"Bucket": call.bucket, **arguments}
    while True:
        page = client.run(call, partial(_versions_page, place=place))
        yield page
        if not page.get("IsTruncated"):
            return
        place |= {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page.get("NextVersionIdMarker", "")}


def _versions_page(api: Api, place: dict[str, Any]) -> Page:
    return api.list_object_versions(**place)
