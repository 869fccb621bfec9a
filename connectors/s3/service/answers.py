"""Answers of success that are none: botocore takes them for one, and what they do not list for what is not there."""

from __future__ import annotations

from typing import Any

NEVER_EMPTY = frozenset(
    {
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateMultipartUpload",
        "DeleteObjects",
        "GetObjectTagging",
        "ListBuckets",
        "ListObjectVersions",
        "ListObjectsV2",
        "UploadPartCopy",
    }
)
"""Operations whose success is in the body of the answer."""
BODILESS = frozenset({204, 304})


def check(operation_model: Any, response_dict: dict[str, Any], **rest: Any) -> None:
    """Refuse an answer that is shorter than it says, or says nothing where it has to; tell an error by its body."""
    body = response_dict["body"]
    if not isinstance(body, bytes) or operation_model.http["method"] == "HEAD":
        return  # an object's bytes are counted as they are read
    _whole(response_dict, len(body))
    if response_dict["status_code"] != 200:
        return
    if not body and operation_model.name in NEVER_EMPTY:
        from botocore.parsers import ResponseParserError

        raise ResponseParserError("an empty answer")
    if operation_model.output_shape is None and b"<Error>" in body:
        response_dict["status_code"] = 500  # as botocore does for the others


def _whole(response_dict: dict[str, Any], size: int) -> None:
    from botocore.exceptions import IncompleteReadError

    announced = response_dict["headers"].get("content-length", "")
    if announced.isdigit() and size < int(announced) and response_dict["status_code"] not in BODILESS:
        raise IncompleteReadError(actual_bytes=size, expected_bytes=int(announced))
