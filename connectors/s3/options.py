"""Options that many operations share, and what they mean for a document: its bucket and its region."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Annotated, Any, Literal, Protocol

from connector_sdk import DocumentError, Parsed, Request, setting
from connectors.s3 import buckets
from connectors.s3.connection import DYNAMIC_BUCKET
from connectors.s3.service.call import Call
from connectors.s3.service.failures import REGION

AUTO = "auto"
Format = Literal["json", "xml"]


class BucketOptions(Protocol):
    """An operation on a bucket."""

    @property
    def object_type(self) -> str:
        """The bucket, or `dynamic-bucket`."""

    @property
    def region(self) -> str:
        """A region, or `auto`."""


def _load_region(value: Any, context: Any) -> str:
    if isinstance(value, str) and (value == AUTO or REGION.fullmatch(value)):
        return value
    raise ValueError("must be auto, or a region such as eu-west-1")


Region = Annotated[str, Parsed({"type": "string"}, _load_region)]


def object_type() -> Any:
    """Declares the option `object_type`."""
    return setting(f"The bucket, or {DYNAMIC_BUCKET}: then each document names it in the property s3.bucket.")


def region() -> Any:
    """Declares the option `region`."""
    return setting("auto: each bucket's own as the service says; or a region, which wins over the service.", AUTO)


def response_format() -> Any:
    """Declares the option `response_format`."""
    return setting("How documents that describe objects are written.", "json")


def bucket(options: BucketOptions, request: Request, filter: str | None = None) -> str:
    """The bucket for a document; with `dynamic-bucket` a filter's value, else the property. DocumentError if none."""
    if options.object_type != DYNAMIC_BUCKET:
        return options.object_type
    name = filter or request.tracked("bucket")
    if not name:
        raise DocumentError(
            f"object_type is {DYNAMIC_BUCKET}, but the document has no property {request.connector}.bucket", "NoBucket"
        )
    return buckets.checked(name)


def chosen_region(options: BucketOptions, request: Request) -> str:
    """The region that the process chose, or an empty text; the document's counts with `dynamic-bucket` alone."""
    if options.object_type == DYNAMIC_BUCKET and (own := request.tracked("bucket_region")):
        if not REGION.fullmatch(own):
            raise DocumentError(f"{own!r} in {request.connector}.bucket_region is not a region", "InvalidRegion")
        return own
    return own_region(options)


def own_region(options: BucketOptions) -> str:
    """The region that the operation chose, or an empty text."""
    return "" if options.region == AUTO else options.region


def call(action: str, options: BucketOptions, request: Request, key: str = "", customer_key: bool = False) -> Call:
    """The call that an operation makes for a document."""
    return Call(action, request.runtime, bucket(options, request), key, chosen_region(options, request), customer_key)


def lane(options: BucketOptions, request: Request, key: Callable[[Request], str | None]) -> Hashable:
    """The object that a document works on, so that two for the same one keep their order; None if it names none."""
    try:
        named = key(request)
        return (bucket(options, request), named) if named else None
    except DocumentError:
        return None  # the operation will say what is wrong
