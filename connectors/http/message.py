"""What is sent and what comes back, whatever library carries it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from connector_sdk import Runtime
from connectors.http import addresses

Pairs = tuple[tuple[str, str], ...]
ABROAD = frozenset({"accept", "accept-encoding", "content-type"})
"""Headers of an operation that a host other than the connection's may know."""


class Body(Protocol):
    """Bytes to send; each iteration begins anew, so that a request can be repeated."""

    @property
    def length(self) -> int:
        """How many bytes."""

    def __iter__(self) -> Iterator[bytes]:
        """The bytes in pieces."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that an operation makes. Its URL holds no credentials.

    `expected` are statuses beside 2xx that are no error. `repeatable` says that sending it twice does no harm. `shown`
    is the address for messages, where the server named it and may have put secrets into it.
    """

    method: str
    url: str
    runtime: Runtime
    headers: Pairs = ()
    body: Body | None = None
    expected: frozenset[int] = frozenset()
    repeatable: bool = False
    shown: str = ""

    def to(self, url: str, shown: str) -> Call:
        """The same request elsewhere."""
        return replace(self, url=url, shown=shown)

    def as_get(self) -> Call:
        """A look at what a 303 says is the answer; nothing of the body goes there."""
        kept = tuple(pair for pair in self.headers if not pair[0].lower().startswith("content-"))
        return replace(self, method="GET", body=None, headers=kept)

    def abroad(self) -> Call:
        """The same without headers that are meant for the connection's host."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() in ABROAD))

    def __str__(self) -> str:
        return f"{self.method} {self.shown or addresses.shown(self.url)}"


class Answer:
    """A status, headers, and a body that is read once, while the connection is open."""

    def __init__(self, url: str, status: int, reason: str, headers: Pairs, raw: Iterable[bytes]) -> None:
        self.url = url
        self.status = status
        self.reason = reason
        self.headers = headers
        self.raw = raw

    def header(self, name: str) -> str | None:
        """The values of a header, joined as RFC 9110 joins them; None without one."""
        values = [value for each, value in self.headers if each.lower() == name.lower()]
        return ", ".join(values) if values else None
