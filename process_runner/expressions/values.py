"""Values as texts: the form in which a property holds them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from connector_sdk import DocumentError
from process_runner.expressions.bounds import TooLarge, weight


class Absent:
    """What stands for a value that is not there; what Jinja has for it is one."""

    __slots__ = ()


def missing(reason: str) -> Absent:
    """What stands for a value that is not there for a reason."""
    from process_runner.expressions.environment import Missing

    return Missing(hint=reason)


def text_of(value: Any) -> str:
    """A value in the form a property holds it: true/false, numbers as written, structures as JSON."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        raise DocumentError("the value is null; properties are texts", "NoValue")
    if isinstance(value, dict | list | tuple):
        _check_weight(value)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    if type(value).__module__.startswith("process_runner."):
        raise DocumentError("this is a set of properties; name one of them", "NoValue")
    if callable(value):
        raise DocumentError("this is a function; write parentheses after its name", "NoValue")
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _check_weight(value: Any) -> None:
    try:
        weight(value)
    except TooLarge as error:
        raise DocumentError(f"the value is too large: {error}", "ExpressionFailed") from error


def is_text(value: str) -> bool:
    """Whether UTF-8 can write it: not where it came of bytes which are no text, or holds half a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def utf8_of(text: str) -> bytes:
    """A text as content; DocumentError for one that came of bytes which are no text, as names of files may."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError("the text holds half a character, which UTF-8 cannot write", "NotText") from error
