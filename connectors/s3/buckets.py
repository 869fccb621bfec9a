"""Names of buckets, checked against Amazon's rules before a request is made."""

from __future__ import annotations

import re
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed
from connectors.s3.connection import DYNAMIC_BUCKET

PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
ACCESS_POINT = re.compile(
    r"arn:aws[a-z-]*:(s3:[a-z0-9-]*:\d{12}:accesspoint[:/][a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
    r"|s3-object-lambda:[a-z0-9-]+:\d{12}:accesspoint[:/][a-z0-9-]{3,63}"
    r"|s3-outposts:[a-z0-9-]+:\d{12}:outpost[:/]op-[a-z0-9]+[:/]accesspoint[:/][a-z0-9-]{3,63})"
)


def problem(name: str) -> str | None:
    """Why no bucket can have this name, or None; access point ARNs are names too."""
    if name.startswith("arn:"):
        return None if ACCESS_POINT.fullmatch(name) else "it is not the ARN of an S3 access point"
    if not 3 <= len(name) <= 63:
        return f"it has {len(name)} characters; 3 to 63 are allowed"
    if not PLAIN.fullmatch(name):
        return "it may hold lower-case letters, digits, dots and hyphens, and starts and ends with a letter or digit"
    if ".." in name:
        return "two dots stand side by side"
    if ADDRESS.fullmatch(name):
        return "it looks like an IP address"
    reserved = next((prefix for prefix in RESERVED_PREFIXES if name.startswith(prefix)), None)
    return f"names that start with {reserved} are Amazon's own" if reserved else None


def new_problem(name: str) -> str | None:
    """Why a bucket of this name cannot be made, or None."""
    reserved = next((suffix for suffix in RESERVED_SUFFIXES if name.endswith(suffix)), None)
    return problem(name) or (f"names that end with {reserved} are Amazon's own" if reserved else None)


def checked(name: str) -> str:
    """The name itself; DocumentError if no bucket can have it."""
    if wrong := problem(name):
        raise DocumentError(f"{name!r} cannot be the name of a bucket: {wrong}", "InvalidBucketName")
    return name


def _load(value: Any, context: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be the name of a bucket")
    if value != DYNAMIC_BUCKET and (wrong := problem(value)):
        raise ValueError(f"{value!r} cannot be the name of a bucket: {wrong}")
    return value


BucketName = Annotated[str, Parsed({"type": "string"}, _load)]
