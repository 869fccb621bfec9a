"""Actions: requests and answers of S3 as botocore's own description of the service has them, compiled once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.s3.direct.moments import moment
from connectors.s3.direct.signature import Header

KEY_SAFE = "/~"
WRITERS: dict[str, Callable[[Any], str]] = {
    "string": str,
    "integer": str,
    "long": str,
    "boolean": lambda value: "true" if value else "false",
}
READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": lambda text: text == "true",
    "timestamp": moment,
}


class NotDirect(Exception):
    """The request holds something that only botocore knows how to send."""


@dataclass(frozen=True, slots=True)
class Field:
    """A member of a request or an answer: its name on the wire, and how its value is written or read."""

    name: str
    convert: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of request. `fixed` is the query that it always has."""

    name: str
    method: str
    fixed: tuple[Header, ...]
    headers: Mapping[str, Field]
    queries: Mapping[str, Field]
    prefix: str
    """What is before each name of metadata in headers."""
    tells_metadata: bool
    answers: Mapping[str, tuple[str, Callable[[str], Any]]]
    output: Any
    """Botocore's shape of the answer, for its parser of errors."""

    def query(self, arguments: Mapping[str, Any]) -> str:
        """The query as it is sent and signed: in the order of names."""
        given = [
            (field.name, field.convert(arguments[each])) for each, field in self.queries.items() if each in arguments
        ]
        pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in (*self.fixed, *given))
        return "&".join([f"{name}={value}" for name, value in pairs])

    def written(self, arguments: Mapping[str, Any]) -> list[Header]:
        """The headers of a request; NotDirect where they hold what HTTP cannot say, or is unknown here."""
        found = []
        for name, value in _with_customer_keys(arguments).items():
            if name == "Metadata":
                found += [(f"{self.prefix}{key}".lower(), _plain(text)) for key, text in value.items()]
            elif name in self.headers:
                field = self.headers[name]
                found.append((field.name, _plain(field.convert(value))))
            elif name not in self.queries and name not in ("Bucket", "Key", "Body"):
                raise NotDirect(name)
        return found

    def read(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """What the headers of an answer say, by botocore's names."""
        found: dict[str, Any] = {}
        metadata: dict[str, str] = {}
        for name, text in headers.items():
            if name in self.answers:
                member, convert = self.answers[name]
                found[member] = convert(text)
            elif self.tells_metadata and name.startswith(self.prefix):
                metadata[name[len(self.prefix) :]] = text
        return {**found, "Metadata": metadata} if self.tells_metadata else found


def action(api: Any, name: str) -> Action:
    """The action that botocore calls `name`."""
    model = api.meta.service_model.operation_model(name)
    query = model.http["requestUri"].partition("?")[2]
    sent, got = model.input_shape.members, model.output_shape.members if model.output_shape else {}
    return Action(
        name,
        model.http["method"],
        tuple((key, value) for key, _, value in (each.partition("=") for each in query.split("&") if each)),
        _fields(sent, "header", lower=True),
        _fields(sent, "querystring", lower=False),
        _prefix(sent) or _prefix(got),
        bool(_prefix(got)),
        _answers(got),
        model.output_shape,
    )


def target(key: str) -> str:
    """A key as the path of a request says it."""
    return quote(key, safe=KEY_SAFE)


def _fields(members: Mapping[str, Any], location: str, lower: bool) -> dict[str, Field]:
    return {
        name: Field(wire.lower() if lower else wire, WRITERS[shape.type_name])
        for name, shape in members.items()
        if shape.serialization.get("location") == location and shape.type_name in WRITERS
        for wire in [shape.serialization["name"]]
    }


def _prefix(members: Mapping[str, Any]) -> str:
    return next(
        (each.serialization["name"] for each in members.values() if each.serialization.get("location") == "headers"), ""
    )


def _answers(members: Mapping[str, Any]) -> dict[str, tuple[str, Callable[[str], Any]]]:
    return {
        shape.serialization["name"].lower(): (name, READERS[shape.type_name])
        for name, shape in members.items()
        if shape.serialization.get("location") == "header" and shape.type_name in READERS
    }


def _with_customer_keys(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keys of SSE-C as they are sent: in base64, with their digest."""
    key = arguments.get("SSECustomerKey")
    if key is None:
        return arguments
    raw = key if isinstance(key, bytes) else key.encode()
    digest = hashlib.md5(raw, usedforsecurity=False).digest()
    encoded = {"SSECustomerKey": raw, "SSECustomerKeyMD5": digest}
    return {**arguments, **{name: base64.b64encode(value).decode() for name, value in encoded.items()}}


def _plain(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise NotDirect(text)
    return text
