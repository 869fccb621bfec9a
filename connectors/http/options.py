"""Options that the operations share, and the address and headers that they make for a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from connector_sdk import Input, Parsed, setting
from connectors.http import addresses, headers
from connectors.http.target import PLACEHOLDER

PATH = Input(
    "path", "Put after the operation's path. Each part is escaped; `/` divides parts, `.` and `..` are refused."
)
QUERY = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
        ]
    },
}


def _load_path(value: Any, context: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a path is a text, such as orders/{id}")
    addresses.segments(PLACEHOLDER.sub("x", value))
    return value


def _load_query(value: Any, context: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping of names to values")
    return {str(name): _values(each) for name, each in value.items()}


def _values(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(headers.text, value)) if isinstance(value, list | tuple) else (headers.text(value),)


def _load_texts(value: Any, context: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping of names to values")
    return {str(name): headers.text(each) for name, each in value.items()}


Path = Annotated[str, Parsed({"type": "string"}, _load_path)]
Query = Annotated[dict[str, tuple[str, ...]], Parsed(QUERY, _load_query)]
Texts = Annotated[dict[str, str], Parsed(headers.SCHEMA, _load_texts)]
Statuses = tuple[Annotated[int, setting("A status.", ge=100, le=599)], ...]


def path() -> Any:
    """Declares the option `path`."""
    return setting(
        "The path below the connection's url, as text: it is escaped when it is sent. `{NAME}` stands for a property "
        "of the document, as one part.",
        "",
        dynamic=True,
        examples=["orders", "customers/{customer_id}/orders"],
    )


def query() -> Any:
    """Declares the option `query`."""
    return setting(
        "Parameters of the address, as text; a list gives one several times, null leaves it out. `{NAME}` stands for a "
        "property of the document.",
        {},
        dynamic=True,
        examples=[{"status": "open", "limit": 100}],
    )


def request_headers() -> Any:
    """Declares the option `headers`."""
    return setting(
        "Headers of the request, beside the connection's. `{NAME}` stands for a property of the document.",
        {},
        dynamic=True,
        examples=[{"X-Request-Source": "orders"}],
    )


def expected() -> Any:
    """Declares the option `expected`."""
    return setting("Statuses beside 2xx that are no error: their answers become documents.", (), examples=[[404]])


def max_size() -> Any:
    """Declares the option `max_size`."""
    return setting("Most MiB of an answer, decompressed; null for any size.", 4096, gt=0)


def header_properties() -> Any:
    """Declares the option `header_properties`."""
    return setting(
        "Properties to set to headers of the answer, by the property's name; empty where there is no such header.",
        {},
        examples=[{"total": "X-Total-Count"}],
    )
