"""Records in a page of JSON, each exactly as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed

ITSELF = "$"
SPACE = re.compile(r"[ \t\n\r]*")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# numbers are looked at, not converted: what is handed on is the text
DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def _load(value: Any, context: Any) -> tuple[str, ...] | None:
    if value is None or isinstance(value, tuple):
        return value
    if value == ITSELF:
        return ()
    if not isinstance(value, str) or not all(value.split(".")):
        raise ValueError("records are named by the keys that lead to them, such as data.orders, or by $")
    return tuple(value.split("."))


Records = Annotated[tuple[str, ...] | None, Parsed({"type": ["string", "null"]}, _load)]


def records(text: str, path: tuple[str, ...], optional: bool) -> Iterator[str]:
    """The elements of the list at `path`, none where it is null, or missing and `optional`.

    DocumentError where the text is no JSON or there is no list.
    """
    try:
        at = _found(text, path)
        if at is None and not optional:
            raise DocumentError(f"the page has nothing at '{'.'.join(path)}'; {_outline(text)}", "NoRecords")
        yield from () if at is None else _elements(text, at, path)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise DocumentError(f"the page is not JSON: {where}", "InvalidJson") from error
    except ValueError as error:
        raise DocumentError(f"the page is not JSON: {error}", "InvalidJson") from error
    except RecursionError as error:
        raise DocumentError("the page's JSON is nested too deeply", "InvalidJson") from error


def _found(text: str, path: tuple[str, ...]) -> int | None:
    """The place of the value at `path`, past the white space before it."""
    at = _skip(text, 0)
    if at == len(text):
        raise json.JSONDecodeError("expected a value", text, at)
    for key in path:
        if text[at : at + 1] != "{":
            return None
        values = dict(_members(text, at))  # of two members with one key the last counts, as everywhere
        if key not in values:
            return None
        at = values[key]
    return at


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The keys of the object at `at` and the places of their values."""
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("expected a key in double quotes", text, at)
        key, at = DECODER.raw_decode(text, at)
        at = _skip(text, _past(text, _skip(text, at), ":"))
        yield key, at
        at = _next(text, DECODER.raw_decode(text, at)[1], "}")


def _elements(text: str, at: int, path: tuple[str, ...]) -> Iterator[str]:
    if text.startswith("null", at):
        return
    if text[at : at + 1] != "[":
        named = f"what is at '{'.'.join(path)}'" if path else "the page"
        raise DocumentError(f"{named} is no list of records; {_outline(text)}", "NoRecords")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        end = DECODER.raw_decode(text, at)[1]
        yield text[at:end]
        at = _next(text, end, "]")


def _next(text: str, at: int, end: str) -> int:
    """The place of the value after the one that ends at `at`; that of `end` where it was the last."""
    at = _skip(text, at)
    if text[at : at + 1] == end:
        return at
    at = _skip(text, _past(text, at, ","))
    if text[at : at + 1] == end:
        raise json.JSONDecodeError("expected a value", text, at)
    return at


def _past(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"expected {mark!r}", text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _outline(text: str) -> str:
    at = _skip(text, 0)
    if text[at : at + 1] == "{":
        keys = [key for key, _ in _members(text, at)]
        return f"at the top are {', '.join(keys[:12])}" if keys else "it is an empty object"
    return "it is a list" if text[at : at + 1] == "[" else "it is neither an object nor a list"
