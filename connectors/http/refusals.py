"""Refusals: answers that are no success, in the words of the SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from connector_sdk import ApplicationError, ConnectorError, DocumentError, ProcessError
from connectors.http.decoding import decoded
from connectors.http.failures import Interrupted
from connectors.http.message import Answer, Call
from connectors.http.veil import Veil

QUOTED = 500
"""Characters of a body that a message quotes."""
LOOKED_AT = 64 << 10
TEXTUAL = re.compile(r"text/|.*[/+](json|xml|x-www-form-urlencoded|javascript|yaml)\b", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
UNAUTHORIZED = 401
PROXY_REFUSES = 407


def refusal(call: Call, answer: Answer, veil: Veil, proven: bool) -> ConnectorError:
    """The error for an answer, with the beginning of its text; `proven` is whether it was sent our credentials."""
    said = veil(quoted(answer))
    text = f"{call} failed: {answer.status} {veil(answer.reason)}".rstrip() + (f": {said}" if said else "")
    code = str(answer.status)
    if answer.status == UNAUTHORIZED and proven:
        return ProcessError(f"{text}; the server refuses the connection's credentials", code)
    if answer.status == PROXY_REFUSES:
        return ProcessError(f"{text}; the proxy refuses the connection", code)
    if answer.status >= 500:
        return DocumentError(text, code)
    return ApplicationError(text, code)


def quoted(answer: Answer) -> str:
    """The beginning of a body that is text, in one line."""
    kind = answer.header("content-type") or ""
    try:
        start = b"".join(_start(decoded(answer.raw, answer.header("content-encoding"), None)))
    except (Interrupted, DocumentError):  # what cannot be read is not quoted
        return ""
    if not TEXTUAL.match(kind) and (kind or not start or b"\0" in start):
        return ""
    told = " ".join(as_text(start, kind).split())
    return told if len(told) <= QUOTED else f"{told[:QUOTED]}..."


def as_text(content: bytes, content_type: str) -> str:
    """The content in the characters that its media type names; in UTF-8 where it names none that is known."""
    found = CHARSET.search(content_type)
    try:
        return content.decode(found[1] if found else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _start(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in islice(pieces, LOOKED_AT):
        yield piece[: LOOKED_AT - size]
        size += len(piece)
        if size >= LOOKED_AT:
            return
