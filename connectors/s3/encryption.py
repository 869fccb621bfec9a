"""Server-side encryption: the option, and the arguments that requests carry for it."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Literal

from connector_sdk import Secret, Settings, setting


def customer_arguments(key: Secret | None, prefix: str = "") -> dict[str, Any]:
    """The arguments of a customer's key (SSE-C); `prefix` is CopySource for the object that is copied."""
    if key is None:
        return {}
    return {f"{prefix}SSECustomerAlgorithm": "AES256", f"{prefix}SSECustomerKey": decoded(key)}


def decoded(key: Secret) -> bytes:
    """The 32 bytes of a customer's key; ValueError, without the key, if it is not such a key."""
    try:
        raw = base64.b64decode(key.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("an SSE-C key is 256 bits, written in base64") from None
    if len(raw) != 32:
        raise ValueError(f"an SSE-C key has 256 bits, this one {len(raw) * 8}")
    return raw


def customer_key(description: str = "Key the object was stored with (SSE-C): 256 bits in base64.") -> Any:
    """Declares an option that is a customer's key."""
    return setting(description, None, check=lambda key: key is None or decoded(key))


class Encryption(Settings):
    """How S3 encrypts the object at rest."""

    type: Literal["none", "sse-s3", "sse-kms", "sse-c"] = setting(
        "none leaves it to the bucket; sse-s3 uses Amazon's key, sse-kms one of the key service, sse-c the given key."
    )
    key: Secret | None = setting(
        "sse-kms: id of the key, the account's own when left out; sse-c: 256 bits in base64.", None
    )
    bucket_key: bool | None = setting(
        "sse-kms: use the bucket's key, which makes fewer calls of the key service.", None
    )

    def validate(self) -> None:
        if self.type == "sse-c":
            if self.key is None:
                raise ValueError("encryption of type sse-c needs a key")
            decoded(self.key)
        elif self.key is not None and self.type != "sse-kms":
            raise ValueError(f"encryption of type {self.type} takes no key")
        if self.bucket_key is not None and self.type != "sse-kms":
            raise ValueError(f"encryption of type {self.type} takes no bucket_key")

    @property
    def customer(self) -> dict[str, Any]:
        """The arguments that every request about the object needs: the customer's key, or none."""
        return customer_arguments(self.key) if self.type == "sse-c" else {}

    @property
    def arguments(self) -> dict[str, Any]:
        """What the request that makes the object carries besides `customer`."""
        if self.type == "sse-s3":
            return {"ServerSideEncryption": "AES256"}
        if self.type != "sse-kms":
            return {}
        kms: dict[str, Any] = {"ServerSideEncryption": "aws:kms"}
        if self.key is not None:
            kms["SSEKMSKeyId"] = self.key.get_secret_value()
        if self.bucket_key is not None:
            kms["BucketKeyEnabled"] = self.bucket_key
        return kms
