"""Headers that a process may set: names and values that cannot smuggle anything else into a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from connector_sdk import Parsed, Secret

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
OURS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What a request says of itself and of its way; set by hand, it could end a request early and begin another."""

SCHEMA = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
SECRET_SCHEMA = {"type": "object", "additionalProperties": {"type": "string", "writeOnly": True, "format": "password"}}


def text(value: Any) -> str:
    """A text that may be written as a number or a boolean; ValueError for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("must be a text, a number or a boolean")


def checked(name: str, value: str) -> str:
    """The value without spaces around it; ValueError, without the value, where the header cannot be sent."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a header: letters, digits and hyphens would work")
    if name.lower() in OURS:
        raise ValueError(f"the header {name} is set by the connector itself")
    value = value.strip()
    if UNPRINTABLE.search(value):
        raise ValueError(f"the value of the header {name} has a line break or another control character")
    return value


def _load(value: Any, context: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping of names to values")
    return {str(name): checked(str(name), text(each)) for name, each in value.items()}


def _load_secret(value: Any, context: Any) -> dict[str, Secret]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping of names to values")
    plain = {name: each.get_secret_value() if isinstance(each, Secret) else each for name, each in value.items()}
    return {name: Secret(each) for name, each in _load(plain, context).items()}


Headers = Annotated[dict[str, str], Parsed(SCHEMA, _load)]
SecretHeaders = Annotated[dict[str, Secret], Parsed(SECRET_SCHEMA, _load_secret)]
