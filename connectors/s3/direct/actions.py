"""Actions: how requests of S3 are written and its answers read, in botocore's words for arguments and answers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

from connectors.s3.direct.signature import Header

KEY_SAFE = "/~"
SAFE = re.compile(r"[A-Za-z0-9_.~/-]+")
"""Keys that are the same in a URL."""
PREFIX = "x-amz-meta-"
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Names of headers."""
ELSEWHERE = frozenset({"Body", "Bucket", "Key"})
"""Arguments that are neither in a header nor in the query."""
Reader: TypeAlias = Callable[[str], Any]


class NotDirect(Exception):
    """The request holds something that only botocore knows how to send."""


class Action(NamedTuple):
    """One kind of request: the headers and the query that its arguments become, and what headers of an answer say.

    `fixed` is the query that it always has. An answer's `Metadata` is told where it has any place.
    """

    name: str
    method: str
    headers: Mapping[str, str] = {}
    queries: Mapping[str, str] = {}
    answers: Mapping[str, tuple[str, Reader]] = {}
    fixed: tuple[Header, ...] = ()
    tells_metadata: bool = False

    def query(self, arguments: Mapping[str, Any]) -> str:
        """The query as it is sent and signed: in the order of names."""
        given = [(self.queries[name], _text(arguments[name])) for name in self.queries.keys() & arguments.keys()]
        if not (given or self.fixed):
            return ""
        pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in (*self.fixed, *given))
        return "&".join([f"{name}={value}" for name, value in pairs])

    def written(self, arguments: Mapping[str, Any]) -> list[Header]:
        """The headers of a request; NotDirect where they hold what HTTP cannot say, or is unknown here."""
        found = []
        customer = arguments.get("SSECustomerKey")
        given = arguments if customer is None else {**arguments, **_as_sent(customer)}
        for name, value in given.items():
            if written := self.headers.get(name):
                found.append((written, _plain(value if type(value) is str else _text(value))))
            elif name == "Metadata":
                found += [(f"{PREFIX}{_name(key)}".lower(), _plain(text)) for key, text in value.items()]
            elif name not in ELSEWHERE and name not in self.queries:
                raise NotDirect(name)
        return found

    def read(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """What the headers of an answer say, by botocore's names."""
        found: dict[str, Any] = {}
        for name in self.answers.keys() & headers.keys():
            member, convert = self.answers[name]
            found[member] = convert(headers[name])
        if self.tells_metadata:
            some = PREFIX in " ".join(headers)  # most objects have none
            own = [name for name in headers if name.startswith(PREFIX)] if some else ()
            found["Metadata"] = {name[len(PREFIX) :]: headers[name] for name in own}
        return found


def target(key: str) -> str:
    """A key as the path of a request says it; NotDirect without one, for the path alone is that of the bucket."""
    if not key:
        raise NotDirect("Key")
    return key if SAFE.fullmatch(key) else quote(key, safe=KEY_SAFE)


def _as_sent(key: bytes | str) -> dict[str, str]:
    """A key of SSE-C as it is sent: in base64, with its digest."""
    raw = key if isinstance(key, bytes) else key.encode()
    digest = hashlib.md5(raw, usedforsecurity=False).digest()
    encoded = {"SSECustomerKey": raw, "SSECustomerKeyMD5": digest}
    return {name: base64.b64encode(value).decode() for name, value in encoded.items()}


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise NotDirect(text)
    return text


def _plain(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise NotDirect(text)
    return text


def _text(value: Any) -> str:
    if value is None:
        raise NotDirect("None")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
