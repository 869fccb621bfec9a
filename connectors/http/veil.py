"""Veil: what the connection knows and nobody may read, hidden in texts that others wrote."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4


class Veil:
    """Hides secrets in answers that are quoted. Safe for threads: a secret is added by making a new set."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()

    def add(self, *secrets: str | None) -> None:
        """Hide these too, as they are and as URLs write them."""
        forms = {form for each in secrets if each for form in (each, quote(each, safe=""), quote_plus(each))}
        self._secrets |= {form for form in forms if len(form) >= SHORTEST}

    def __call__(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text
