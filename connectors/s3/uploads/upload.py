"""Upload: an object in the making, and what S3 said about the object it made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from connectors.s3 import facts
from connectors.s3.service.call import Call


@dataclass(slots=True, eq=False)
class Upload:
    """An object in the making; never changed, as a call.

    `size` and `part_size` are bytes. `arguments` are botocore's for the request that makes the object, `customer` those
    of a customer's key, which each request carries; `conditions` must hold when the object appears.
    """

    call: Call
    size: int
    part_size: int
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    customer: Mapping[str, Any] = field(default_factory=dict, repr=False)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    algorithm: str | None = None

    @property
    def place(self) -> dict[str, Any]:
        """Bucket and key, as botocore's arguments."""
        return {"Bucket": self.call.bucket, "Key": self.call.key}


class Stored(NamedTuple):
    """What S3 said about the object it keeps; `skipped` if it was there before. `size` is in bytes."""

    etag: str | None
    version_id: str | None
    checksum: str | None
    size: int | None = None
    skipped: bool = False

    @classmethod
    def of(cls, answer: Mapping[str, Any], size: int | None, skipped: bool = False) -> Stored:
        """What an answer says."""
        return cls(facts.etag(answer), facts.version_id(answer), facts.checksum(answer), size, skipped)
