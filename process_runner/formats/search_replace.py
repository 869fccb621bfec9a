"""Search and replace: a text as a stream of any size, a pattern in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed, Payload, Settings, setting
from process_runner.formats.encoding import ENCODING, Encoding, characters, utf8


class TextReplace(Settings):
    """Replaces every occurrence of a text, in documents of any size."""

    search: str = setting("The text to look for, letter by letter.", min_length=1)
    replace: str = setting("What stands there instead.", "")
    encoding: Encoding = setting(ENCODING, "utf-8")

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The document in pieces."""
        search, replace = self.search.encode(), self.replace.encode()
        rest = b""
        for chunk in utf8(payload, self.encoding):
            *before, rest = (rest + chunk).split(search)
            for piece in before:
                yield piece
                yield replace
            # the end of the rest may be the beginning of what is looked for
            settled = max(0, len(rest) - len(search) + 1)
            yield rest[:settled]
            rest = rest[settled:]
        yield rest


def _compiled(value: Any, context: Any) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return value
    try:
        return re.compile(value)
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no regular expression: {error}") from error


class PatternReplace(Settings):
    r"""Replaces every match of a regular expression; `\1` and `\g<name>` in the replacement stand for groups."""

    pattern: Annotated[re.Pattern[str], Parsed({"type": "string", "format": "regex"}, _compiled)] = setting(
        "The regular expression to look for, as Python writes them; `(?i)` at its start ignores case.",
        examples=["(?i)order-(\\d+)"],
    )
    replace: str = setting("What stands there instead.", "")
    largest: int = setting("How many MiB a document may have, because it is held in memory.", 64, ge=1)
    encoding: Encoding = setting(ENCODING, "utf-8")

    def convert(self, payload: Payload) -> Iterator[bytes]:
        """The document; DocumentError for one that is too large, and for a group that does not exist."""
        if payload.size > self.largest << 20:
            raise DocumentError(
                f"the document has {payload.size >> 20} MiB; a higher `largest`, or `search`, which takes any size, "
                "would work",
                "TooLarge",
            )
        text = "".join(characters(payload, self.encoding))
        try:
            yield self.pattern.sub(self.replace, text).encode()
        except (re.error, IndexError) as error:
            raise DocumentError(f"the replacement {self.replace!r} does not fit: {error}", "InvalidPattern") from error
