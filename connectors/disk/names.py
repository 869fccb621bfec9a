"""Names of files as text: relative to the base folder, parts divided by `/`, and never outside it."""

from __future__ import annotations

import os
import re
from typing import TypeAlias

from connector_sdk import DocumentError

Parts: TypeAlias = tuple[str, ...]

ESCAPED = re.compile(rb"\\x(5c|[89a-f][0-9a-f])")
ESCAPE_LOOKALIKE = re.compile(r"\\(?=x(?:5c|[89a-f][0-9a-f]))")


def as_text(parts: Parts) -> str:
    r"""The path as properties and messages show it: a byte that is not UTF-8 becomes `\xff`, the base folder `.`."""
    plain = "/".join(parts)
    if plain.isascii() and "\\" not in plain:
        return plain or "."
    joined = ESCAPE_LOOKALIKE.sub(r"\\x5c", plain)
    return joined.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") or "."


def as_parts(text: str) -> Parts:
    """The parts of a path that a process names, the reverse of `as_text`; DocumentError if it cannot be inside."""
    if text.startswith("/"):
        raise DocumentError(
            f"{text!r} is absolute; name it from the connection's folder, without the leading '/'", "PathOutsideFolder"
        )
    if "\0" in text:
        raise DocumentError(f"{text!r} has a NUL character, which no file name can hold", "InvalidName")
    parts = tuple([part for part in _decoded(text).split("/") if part not in ("", ".")])
    if ".." in parts:
        raise DocumentError(f"{text!r} goes up with '..'; name it from the connection's folder", "PathOutsideFolder")
    return parts


def _decoded(text: str) -> str:
    if text.isascii() and "\\" not in text:
        return text
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"{text!r} has a lone surrogate, which is not a character", "InvalidName") from error
    return os.fsdecode(ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), raw))
