"""Texts that leave the runner: without the values that must not be shown, and in one line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""Shorter values are left: replacing every `1` would make messages unreadable and hide nothing."""


class Redaction:
    """Hides a set of values in texts, also as JSON or a URL would write them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= SHORTEST:
                lines = [line for line in secret.splitlines() if len(line) >= SHORTEST]
                for value in (secret, *lines):
                    forms |= _forms(value)
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text

    def within(self, value: Any) -> Any:
        """The same for every text in a JSON value; numbers and keys are not content."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {key: self.within(each) for key, each in value.items()}
        return [self.within(each) for each in value] if isinstance(value, list | tuple) else value


def one_line(text: str) -> str:
    """The text without control characters, so that no document can forge a line or move the cursor."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _forms(value: str) -> set[str]:
    """The value as it is, and as JSON, Python, XML and URLs write it."""
    as_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    in_url = {quote(value, safe, errors="surrogatepass") for safe in ("/", "")} | {
        quote_plus(value, errors="surrogatepass")
    }
    return {value, *as_json, *in_url, repr(value)[1:-1], one_line(value), html.escape(value), html.escape(value, False)}
