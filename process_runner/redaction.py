"""Redaction: values that must not be shown are replaced wherever text leaves the runner."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

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
                    forms |= {value, json.dumps(value)[1:-1], repr(value)[1:-1], quote(value, safe="")}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text
