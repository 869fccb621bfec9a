"""A shelf: values by key, on disk where memory is short."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

PAGE = 100


class Shelf:
    """Keeps bytes by key, in the order they came; safe for threads, and for processes that name the same file.

    Without a file of its own it lives in memory as long as it is small, then in a temporary file without a name.
    """

    def __init__(self, path: Path | None = None) -> None:
        import sqlite3

        self._lock = threading.Lock()
        self._database = sqlite3.connect(path or "", timeout=60, isolation_level=None, check_same_thread=False)
        self._ask("PRAGMA synchronous = OFF")
        self._ask("PRAGMA journal_mode = MEMORY")
        self._ask("CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB)")
        self._ask("CREATE INDEX IF NOT EXISTS entry_key ON entry (key)")

    def put(self, key: str, value: bytes) -> None:
        """Add a value under a key, behind those that are there."""
        self._ask("INSERT INTO entry (key, value) VALUES (?, ?)", key, value)

    def first(self, key: str) -> bytes | None:
        """The value that came first under a key."""
        return next((value for _, value in self._page(key, 0, 1)), None)

    def last(self, key: str) -> bytes | None:
        """The value that came last under a key."""
        query = "SELECT number, value FROM entry WHERE key = ? ORDER BY number DESC LIMIT 1"
        return next((value for _, value in self._ask(query, key)), None)

    def values(self, key: str) -> Iterator[bytes]:
        """All values under a key, in their order, never many in memory at once."""
        page = self._page(key, 0, PAGE)
        while page:
            yield from (value for _, value in page)
            page = self._page(key, page[-1][0], PAGE)

    def remove(self, key: str) -> None:
        """Forget a key."""
        self._ask("DELETE FROM entry WHERE key = ?", key)

    def close(self) -> None:
        """Give back the file."""
        self._database.close()

    def __del__(self) -> None:
        self._database.close()

    def _page(self, key: str, after: int, size: int) -> list[tuple[int, bytes]]:
        query = "SELECT number, value FROM entry WHERE key = ? AND number > ? ORDER BY number LIMIT ?"
        return self._ask(query, key, after, size)

    def _ask(self, query: str, *values: str | bytes | int) -> list[tuple[int, bytes]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()
