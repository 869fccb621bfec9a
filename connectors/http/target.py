"""Target: the address and the headers of the request for one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from connector_sdk import DocumentError, Request
from connectors.http import addresses, headers
from connectors.http.message import Pairs

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.-]*)\}")


class Addressed(Protocol):
    """An operation on a path."""

    @property
    def path(self) -> str:
        """Below the connection's url."""

    @property
    def query(self) -> Mapping[str, tuple[str, ...]]:
        """Parameters with their values."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the request."""


def address(base: str, operation: Addressed, request: Request) -> str:
    """The URL for a document, without credentials; DocumentError where a value has no place in it."""
    properties = request.document.properties
    try:
        found = [_part(each, properties) for each in addresses.parts(operation.path)]
        found += [addresses.escaped(each) for each in _asked_for(request)]
    except ValueError as error:
        raise DocumentError(str(error), "InvalidPath") from error
    pairs = [(name, filled(each, properties)) for name, values in operation.query.items() for each in values]
    return addresses.with_query(addresses.joined(base, found), pairs)


def request_headers(operation: Addressed, request: Request) -> Pairs:
    """The operation's headers for a document; DocumentError where a value cannot be sent."""
    properties = request.document.properties
    found = ((name, filled(value, properties)) for name, value in operation.headers.items())
    return tuple((name, sendable(name, value)) for name, value in found)


def sendable(name: str, value: str) -> str:
    """The value of a header; DocumentError where it cannot be sent."""
    try:
        return headers.checked(name, value)
    except ValueError as error:
        raise DocumentError(str(error), "InvalidHeader") from error


def filled(text: str, properties: Mapping[str, str]) -> str:
    """The text with the document's properties for its placeholders; DocumentError where one is not set."""
    return PLACEHOLDER.sub(lambda found: _property(found[1], properties), text)


def _asked_for(request: Request) -> tuple[str, ...]:
    path = request.inputs.get("path")
    if path == "":
        raise ValueError("the parameter path is empty, and the request would be for something else")
    return addresses.parts(path or "")


def _part(part: str, properties: Mapping[str, str]) -> str:
    addresses.refuse_dots(filled(part, properties))
    return "".join(_pieces(part, properties))


def _pieces(part: str, properties: Mapping[str, str]) -> Iterator[str]:
    """What the author wrote, and the values between, of which nothing means more than itself."""
    for number, piece in enumerate(PLACEHOLDER.split(part)):
        if number % 2 == 0:
            yield addresses.escaped(piece, addresses.IN_PATH)
        elif value := _property(piece, properties):
            yield addresses.escaped(value)
        else:
            raise ValueError(f"the property {piece!r} is empty, and the request would be for something else")


def _property(name: str, properties: Mapping[str, str]) -> str:
    if name not in properties:
        there = f"the document has {', '.join(sorted(properties))}" if properties else "the document has none"
        raise DocumentError(f"there is no property {name!r} for {{{name}}}; {there}", "MissingProperty")
    return properties[name]
