"""Headers with rules of their own: tags and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

from connector_sdk import DocumentError, Parsed

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import TagTypeDef

MOST_TAGS = 10
LONGEST_NAME, LONGEST_VALUE = 128, 256
"""Of a tag, in characters."""
PREFIX = "x-amz-meta-"
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What HTTP takes for the name of a header."""


def _text(value: Any, context: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("must be a text or a number")


Text = Annotated[str, Parsed({"type": ["string", "number", "boolean"]}, _text)]
"""A text that may be written as a number, as in a tag `year: 2026`."""


def tagging(tags: Mapping[str, str]) -> str | None:
    """The tags as S3 takes them in a header; DocumentError if they are too many or too long."""
    if len(tags) > MOST_TAGS:
        raise DocumentError(
            f"{len(tags)} tags ({', '.join(sorted(tags))}); S3 takes at most {MOST_TAGS} for an object", "TooManyTags"
        )
    for name, value in tags.items():
        if not 1 <= len(name) <= LONGEST_NAME:
            raise DocumentError(
                f"the name of a tag has {len(name)} characters; 1 to {LONGEST_NAME} are allowed", "InvalidTag"
            )
        if len(value) > LONGEST_VALUE:
            raise DocumentError(f"tag {name!r} has {len(value)} characters; {LONGEST_VALUE} are allowed", "InvalidTag")
    return urlencode(tags, quote_via=quote) if tags else None


def read_tagging(header: str) -> dict[str, str]:
    """The tags of such a header."""
    return dict(parse_qsl(header, keep_blank_values=True))


def tag_set(tags: Mapping[str, str]) -> list[TagTypeDef]:
    """The same for a request with a body."""
    tagging(tags)
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags(answer: Mapping[str, Any]) -> dict[str, str]:
    """The tags in an answer."""
    return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


def metadata(pairs: Mapping[str, str]) -> dict[str, str] | None:
    """Metadata by its name without the prefix, which botocore adds; texts beyond ASCII are encoded as in RFC 2047."""
    plain = {name[len(PREFIX) :] if name.lower().startswith(PREFIX) else name: value for name, value in pairs.items()}
    for name, value in plain.items():
        if not TOKEN.fullmatch(name):
            raise DocumentError(
                f"{name!r} cannot be the name of metadata: use ASCII letters, digits, '-', '_' and '.'",
                "InvalidMetadata",
            )
        if not value.isprintable():
            raise DocumentError(f"metadata {name!r} holds a control character", "InvalidMetadata")
    return {name: _encoded(value) for name, value in plain.items()} or None


def read_metadata(pairs: Mapping[str, str]) -> dict[str, str]:
    """Metadata as S3 gives it, decoded."""
    return {name: _decoded(value) if "=?" in value else value for name, value in pairs.items()}


def _encoded(value: str) -> str:
    if value.isascii():
        return value
    from email.header import Header  # the mail package takes long to load, and few texts need it

    return Header(value, "utf-8", maxlinelen=10**6).encode()


def _decoded(value: str) -> str:
    from email.header import decode_header, make_header

    return str(make_header(decode_header(value)))
