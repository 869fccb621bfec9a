"""Call: what is asked of S3 and for whom, as every message about it says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector_sdk import Runtime


@dataclass(slots=True, eq=False)
class Call:
    """One thing to do with a bucket or an object; never changed, and without the price of being frozen.

    `region` is the one that the process chose; empty where the service is to say. `customer_key` tells that the call
    carries a customer's encryption key (SSE-C).
    """

    action: str
    runtime: Runtime
    bucket: str = ""
    key: str = ""
    region: str = ""
    customer_key: bool = False

    def on(self, key: str) -> Call:
        """The same for another key of the bucket."""
        return replace(self, key=key)

    def __str__(self) -> str:
        place = [f"bucket {self.bucket!r}"] if self.bucket else []
        named = [f"key {self.key!r}"] if self.key else []
        return " of ".join([self.action, ", ".join(named + place)]) if place or named else self.action
