"""Texts that leave the runner: without the values that must not be shown, and in one line."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""Shorter values are left: replacing every `1` would make messages unreadable and hide nothing."""

IN_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
QUOTES_IN_XML = {'"': "&quot;", "'": "&#x27;"}

FEW = 64
"""Beginnings of values that a pattern looks for; with more of them, it would take too long to make anew."""


class Redaction:
    """Hides a set of values in texts, also as JSON or a URL would write them. Safe for threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._starts: dict[str, tuple[str, ...]] = {}
        self._first: re.Pattern[str] | None = None
        self._lock = threading.RLock()  # a signal may have a line logged while a value is added
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these values too, from now on."""
        with self._lock:
            for secret in secrets:
                if len(secret) >= SHORTEST and secret not in self._secrets:
                    self._secrets.add(secret)
                    lines = [line for line in secret.splitlines() if len(line) >= SHORTEST]
                    for form in {form for value in (secret, *lines) for form in _forms(value)}:
                        self._hide(form)

    def _hide(self, form: str) -> None:
        there = self._starts.get(form[:SHORTEST], ())
        if form not in there:
            self._starts[form[:SHORTEST]] = tuple(sorted((*there, form), key=len, reverse=True))
        if not there:
            few = self._starts if len(self._starts) <= FEW else ()
            self._first = re.compile("|".join(map(re.escape, few))) if few else None

    @property
    def secrets(self) -> frozenset[str]:
        """The values that are hidden."""
        with self._lock:
            return frozenset(self._secrets)

    def __call__(self, text: str) -> str:
        starts, first = self._starts, self._first
        if not starts or (first and not first.search(text)):
            return text
        parts, shown, at, last = [], 0, 0, len(text) - SHORTEST
        while at <= last:  # looked up place by place, as a pattern of all values would be made anew for each of them
            forms = starts.get(text[at : at + SHORTEST], ())
            form = next((each for each in forms if text.startswith(each, at)), None) if forms else None
            if form is None:
                found = first.search(text, at + 1) if first else None
                at = found.start() if found else last + 1 if first else at + 1
                continue
            parts += [text[shown:at], MASK]
            shown = at = at + len(form)
        return "".join([*parts, text[shown:]]) if parts else text

    def within(self, value: Any) -> Any:
        """The same for every text in a JSON value; numbers and keys are not content."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {key: self(each) if type(each) is str else self.within(each) for key, each in value.items()}
        return [self.within(each) for each in value] if isinstance(value, list | tuple) else value


def one_line(text: str) -> str:
    """The text without control characters, so that no document can forge a line or move the cursor."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _forms(value: str) -> set[str]:
    """The value as it is, and as JSON, Python, XML and URLs write it; each also as a log line shows it."""
    in_json = [json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]]
    in_html = [_replaced(each, {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}) for each in in_json]
    in_xml = [_replaced(value, each) for each in (IN_XML, IN_XML | QUOTES_IN_XML)]
    in_xml += [_replaced(each, {"&quot;": "&#34;", "&#x27;": "&#39;"}) for each in in_xml]
    in_url = [quote(value, safe, errors="surrogatepass") for safe in ("/", "")]
    in_url += [quote_plus(value, errors="surrogatepass")]
    forms = {value, repr(value)[1:-1], *in_json, *in_html, *in_xml, *in_url}
    return forms | {one_line(form) for form in forms}


def _replaced(text: str, pairs: Mapping[str, str]) -> str:
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text
