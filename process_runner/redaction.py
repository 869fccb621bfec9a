"""Texts that leave the runner: without the values that must not be shown, and in one line."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""Shorter values are left: replacing every `1` would make messages unreadable and hide nothing."""


class Redaction:
    """Hides a set of values in texts, also as JSON or a URL would write them. Safe for threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.RLock()  # a signal may have a line logged while one is being redacted
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these values too, from now on."""
        with self._lock:
            for secret in secrets:
                if len(secret) >= SHORTEST and secret not in self._secrets:
                    self._secrets.add(secret)
                    lines = [line for line in secret.splitlines() if len(line) >= SHORTEST]
                    self._forms.update(*(_forms(value) for value in (secret, *lines)))
                    self._pattern = None

    @property
    def secrets(self) -> frozenset[str]:
        """The values that are hidden."""
        with self._lock:
            return frozenset(self._secrets)

    def __call__(self, text: str) -> str:
        if not self._forms:
            return text
        with self._lock:  # compiled when it is needed, as values may come one by one
            if self._pattern is None:
                longest_first = sorted(self._forms, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(re.escape, longest_first)))
            pattern = self._pattern
        return pattern.sub(MASK, text)

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
    """The value as it is, and as JSON, Python, XML and URLs write it; each also as a log line shows it."""
    in_json = [json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]]
    in_html = [_replaced(each, {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}) for each in in_json]
    in_xml = [html.escape(value), html.escape(value, quote=False)]
    in_xml += [_replaced(each, {"&quot;": "&#34;", "&#x27;": "&#39;"}) for each in in_xml]
    in_url = [quote(value, safe, errors="surrogatepass") for safe in ("/", "")]
    in_url += [quote_plus(value, errors="surrogatepass")]
    forms = {value, repr(value)[1:-1], *in_json, *in_html, *in_xml, *in_url}
    return forms | {one_line(form) for form in forms}


def _replaced(text: str, pairs: Mapping[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text
