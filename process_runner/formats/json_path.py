"""Paths into JSON: `orders`, `customer.orders`, `customers[*].orders`, `"odd.key"`."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, TypeAlias

from connector_sdk import Parsed

EACH = None
"""The step `[*]`: every element of an array."""

Step: TypeAlias = str | None

STEP = re.compile(r'(?P<each>\[\*\])|(?:(?P<quoted>"(?:[^"\\]|\\.)+")|(?P<key>[^\[\]."]+))')
WRITTEN = {"type": "string", "examples": ["orders", "customers[*].orders", '"odd.key"']}


def steps(path: Any, context: Any = None) -> tuple[Step, ...] | None:
    """The steps of a path; ValueError with the place that cannot be read."""
    if path is None or isinstance(path, tuple):
        return path
    if not isinstance(path, str):
        raise ValueError("a path is a text, such as customer.orders")
    found: list[Step] = []
    at = 0
    while at < len(path) or not found:
        if found and path.startswith(".", at):
            at += 1
        elif found and not path.startswith("[", at):
            raise _unreadable(path, at)
        match = STEP.match(path, at)
        if match is None:
            raise _unreadable(path, at)
        found.append(EACH if match["each"] else json.loads(match["quoted"]) if match["quoted"] else match["key"])
        at = match.end()
    return tuple(found)


def keys(path: Any, context: Any = None) -> tuple[Step, ...] | None:
    """The steps of a path that names one place; ValueError for `[*]`."""
    found = steps(path)
    if found and EACH in found:
        raise ValueError("[*] names many places; a path to write to has keys only, such as customer.orders")
    return found


def _unreadable(path: str, at: int) -> ValueError:
    return ValueError(
        f"cannot read the path {path!r} from its character {at + 1}; "
        "keys divided by dots, [*] for every element, and odd keys in double quotes would work"
    )


JsonPath = Annotated[tuple[Step, ...] | None, Parsed(WRITTEN, steps)]
JsonKeys = Annotated[tuple[Step, ...] | None, Parsed({"type": "string", "examples": ["orders"]}, keys)]
