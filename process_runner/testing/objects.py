"""Objects in the sandbox: put there before a test, looked at after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Objects:
    """All buckets of the sandbox that runs in this process."""

    def __init__(self) -> None:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends

        self._backend: Any = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def reset(self, buckets: Mapping[str, Mapping[str, bytes]]) -> None:
        """Leave these buckets with these objects, and nothing else."""
        from process_runner.sandbox import REGION

        self._backend.reset()
        for bucket, objects in buckets.items():
            self._backend.create_bucket(bucket, REGION)
            for key, content in objects.items():
                self._backend.put_object(bucket, key, content)

    def content(self, bucket: str) -> dict[str, bytes]:
        """The objects of a bucket by key; none where there is no such bucket."""
        if bucket not in self._backend.buckets:
            return {}
        found = self._backend.buckets[bucket].keys
        return {key: found[key].value for key in sorted(found.keys()) if hasattr(found[key], "value")}
