"""The everyday actions: which argument of botocore's is which header, and the other way round.

Only what this connector sends and reads; a test holds it against botocore's own description of S3.
"""

from __future__ import annotations

from connectors.s3.direct.actions import Action, Reader
from connectors.s3.direct.moments import moment


def _flag(text: str) -> bool:
    return text == "true"


SUMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
CUSTOMER = {
    f"SSECustomer{name}": f"x-amz-server-side-encryption-customer-{written}"
    for name, written in (("Algorithm", "algorithm"), ("Key", "key"), ("KeyMD5", "key-md5"))
}
SENT_SUMS = {f"Checksum{name}": f"x-amz-checksum-{name.lower()}" for name in SUMS}
STORING = {
    "ACL": "x-amz-acl",
    "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentType": "content-type",
    "IfMatch": "if-match",
    "IfNoneMatch": "if-none-match",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "StorageClass": "x-amz-storage-class",
    "Tagging": "x-amz-tagging",
}
READING = {
    "ChecksumMode": "x-amz-checksum-mode",
    "IfMatch": "if-match",
    "IfNoneMatch": "if-none-match",
    "Range": "range",
}
CHOOSING = {"PartNumber": "partNumber", "VersionId": "versionId"}
TOLD: dict[str, tuple[str, Reader]] = {
    "etag": ("ETag", str),
    "x-amz-checksum-type": ("ChecksumType", str),
    "x-amz-server-side-encryption": ("ServerSideEncryption", str),
    "x-amz-server-side-encryption-aws-kms-key-id": ("SSEKMSKeyId", str),
    "x-amz-server-side-encryption-bucket-key-enabled": ("BucketKeyEnabled", _flag),
    "x-amz-server-side-encryption-customer-algorithm": ("SSECustomerAlgorithm", str),
    "x-amz-server-side-encryption-customer-key-md5": ("SSECustomerKeyMD5", str),
    "x-amz-version-id": ("VersionId", str),
    **{written: (name, str) for name, written in SENT_SUMS.items()},
}
TOLD_OF_PART = {name: told for name, told in TOLD.items() if told[0] != "ChecksumType"}
DESCRIBED: dict[str, tuple[str, Reader]] = {
    "accept-ranges": ("AcceptRanges", str),
    "cache-control": ("CacheControl", str),
    "content-disposition": ("ContentDisposition", str),
    "content-encoding": ("ContentEncoding", str),
    "content-language": ("ContentLanguage", str),
    "content-length": ("ContentLength", int),
    "content-range": ("ContentRange", str),
    "content-type": ("ContentType", str),
    "last-modified": ("LastModified", moment),
    "x-amz-delete-marker": ("DeleteMarker", _flag),
    "x-amz-mp-parts-count": ("PartsCount", int),
    "x-amz-replication-status": ("ReplicationStatus", str),
    "x-amz-restore": ("Restore", str),
    "x-amz-storage-class": ("StorageClass", str),
    "x-amz-tagging-count": ("TagCount", int),
}
"""What an answer says of an object beside what every answer does."""
LISTING = {
    "ContinuationToken": "continuation-token",
    "Delimiter": "delimiter",
    "EncodingType": "encoding-type",
    "MaxKeys": "max-keys",
    "Prefix": "prefix",
    "StartAfter": "start-after",
}
ACTIONS = {
    each.name: each
    for each in (
        Action("PutObject", "PUT", {**STORING, **CUSTOMER, **SENT_SUMS}, answers=TOLD),
        Action(
            "UploadPart",
            "PUT",
            {**CUSTOMER, **SENT_SUMS},
            {"PartNumber": "partNumber", "UploadId": "uploadId"},
            TOLD_OF_PART,
        ),
        Action("GetObject", "GET", {**READING, **CUSTOMER}, CHOOSING, {**TOLD, **DESCRIBED}, tells_metadata=True),
        Action("HeadObject", "HEAD", {**READING, **CUSTOMER}, CHOOSING, {**TOLD, **DESCRIBED}, tells_metadata=True),
        Action("HeadBucket", "HEAD"),
        Action("ListObjectsV2", "GET", queries=LISTING, fixed=(("list-type", "2"),)),
    )
}
"""What this connector sends most, in botocore's words; a test holds it against botocore's description of S3."""
