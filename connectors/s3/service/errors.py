"""Errors of S3 in the words of the SDK: which of them fail a document, and which stop the process."""

from __future__ import annotations

from connector_sdk import ApplicationError, ConnectorError, DocumentError, ProcessError
from connectors.s3.service.call import Call
from connectors.s3.service.failures import Failure

BLOCKED_CUSTOMER_KEY = (
    "; buckets made since April 2026 refuse SSE-C unless it is allowed: call PutBucketEncryption on the bucket with "
    "BlockedEncryptionTypes set to EncryptionType NONE"
)


def explained(call: Call, failure: Failure) -> ConnectorError:
    """The error to raise: it names the action, the bucket, the key, and S3's own code and message."""
    text = f"{call} failed: {failure.code}"
    text += f": {failure.message}" if failure.message and failure.message != failure.code else ""
    if failure.credentials:
        return ProcessError(f"{text}; S3 refuses the connection's credentials", failure.code)
    if failure.code == "UntrustedCertificate":
        return ProcessError(f"{text}; set verify_tls to a file with its authority, if you trust it", failure.code)
    if failure.transient:
        return DocumentError(f"{text}; every retry failed as well", failure.code)
    if failure.status:
        return _refused(call, failure, text)
    return DocumentError(text, failure.code)


def _refused(call: Call, failure: Failure, text: str) -> ApplicationError:
    if failure.delete_marker:
        return ApplicationError(
            f"{text}; the object was deleted: its newest version is a delete marker", "DeleteMarker"
        )
    if failure.status == 403 and call.customer_key:
        text += BLOCKED_CUSTOMER_KEY
    return ApplicationError(text, failure.code)
