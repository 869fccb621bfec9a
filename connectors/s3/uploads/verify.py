"""Verification of objects made from parts, before anyone calls them stored."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, DocumentError
from connectors.s3 import facts, headers
from connectors.s3.service.client import S3Client
from connectors.s3.uploads.upload import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

Answer = Mapping[str, Any]
log = logging.getLogger(__name__)
MD5 = re.compile(r"[0-9a-f]{32}")
COMPOSITE = re.compile(r"[0-9A-Za-z+/=]+-\d+")


def stored(client: S3Client, upload: Upload, answer: Answer, receipts: Sequence[Answer]) -> None:
    """Compare ETag and checksum with what was sent; DocumentError where S3 has something else.

    Where neither is made of the parts' own and proves the whole, S3 is asked for the length; and for the tags, where
    another store may have lost them: they are set again.
    """
    proofs = [
        _same(upload, "ETag", _expected_etag(upload, answer, receipts), facts.etag(answer)),
        _same(upload, "checksum", _expected_crc32(receipts), answer.get("ChecksumCRC32")),
    ]
    tagged = client.connection.endpoint_url and upload.arguments.get("Tagging")
    if any(proofs) and not tagged:
        return
    version: dict[str, Any] = {"VersionId": found} if (found := facts.version_id(answer)) else {}
    try:
        head = client.run(upload.call, lambda api: api.head_object(**upload.place, **version, **upload.customer))
    except ApplicationError as error:
        if error.code != "AccessDenied":
            raise
        return  # who may only write has to trust the answer
    if facts.etag(head) == facts.etag(answer):  # else somebody has already replaced it
        _same(upload, "length", upload.size, head["ContentLength"])
    if tagged and not head.get("TagCount"):
        _tag(client, upload, version)


def own(api: Api, upload: Upload, receipts: Sequence[Answer]) -> Answer | None:
    """What S3 says of the object if it is the one made of these parts."""
    head = api.head_object(**upload.place, **upload.customer)
    expected = _expected_etag(upload, head, receipts)
    found = facts.etag(head) or ""
    same = found == expected if expected else found.endswith(f"-{len(receipts)}")
    return head if same and head["ContentLength"] == upload.size else None


def _tag(client: S3Client, upload: Upload, version: dict[str, Any]) -> None:
    tags = headers.tag_set(headers.read_tagging(upload.arguments["Tagging"]))
    place = {**upload.place, **version}
    try:
        client.run(upload.call, lambda api: api.put_object_tagging(**place, Tagging={"TagSet": tags}), retries=0)
    except DocumentError as error:
        log.warning("%s: the store lost the tags: %s", upload.call, error.code)


def _same(upload: Upload, what: str, expected: str | int | None, found: str | int | None) -> bool:
    """Whether there was something to compare; DocumentError if it differs."""
    if isinstance(found, str) and not COMPOSITE.fullmatch(found):
        return False  # not made of the parts' own
    if expected is None or found is None:
        return False
    if expected != found:
        raise DocumentError(
            f"{upload.call}: S3 keeps another {what} ({found}) than was sent ({expected}); the object is damaged",
            "UploadDamaged",
        )
    return True


def _expected_etag(upload: Upload, answer: Answer, receipts: Sequence[Answer]) -> str | None:
    """The MD5 of the parts' MD5s, where S3 uses those as their ETags."""
    tags = [facts.etag(receipt) or "" for receipt in receipts]
    keyed = upload.customer or str(answer.get("ServerSideEncryption")).startswith("aws:kms")
    if keyed or not all(MD5.fullmatch(tag) for tag in tags):
        return None
    digest = hashlib.md5(b"".join(map(bytes.fromhex, tags)), usedforsecurity=False)
    return f"{digest.hexdigest()}-{len(tags)}"


def _expected_crc32(receipts: Sequence[Answer]) -> str | None:
    """The checksum of the parts' checksums."""
    values = [receipt.get("ChecksumCRC32") for receipt in receipts]
    if not all(values):
        return None
    total = zlib.crc32(b"".join(base64.b64decode(str(value)) for value in values))
    return f"{base64.b64encode(total.to_bytes(4)).decode()}-{len(values)}"
