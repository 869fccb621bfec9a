"""The other system: its calls, and its errors in words of the SDK."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from connector_sdk import DocumentError, ProcessError


class Parrot:
    """Notes by their keys. Safe for threads: each call opens the file for itself."""

    def __init__(self, file: str) -> None:
        self._file = file

    def ping(self) -> str:
        """What is there, in a sentence; ProcessError where nothing is."""
        with self._database() as database:
            (count,) = database.execute("SELECT count(*) FROM notes").fetchone()
        return f"{self._file} holds {count} notes"

    def put(self, key: str, content: bytes) -> None:
        """Keep a note; one with the same key is replaced."""
        with self._database() as database:
            database.execute("REPLACE INTO notes VALUES (?, ?)", (key, content))

    def get(self, key: str) -> bytes:
        """A note; DocumentError where there is none."""
        with self._database() as database:
            found = database.execute("SELECT content FROM notes WHERE key = ?", (key,)).fetchone()
        if found is None:
            raise DocumentError(f"there is no note {key!r}", "NotFound")
        return bytes(found[0])

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=30)) as database, database:
                database.execute("CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, content BLOB)")
                yield database
        except UnicodeEncodeError as error:
            raise DocumentError("the key has a lone surrogate, which is not a character", "InvalidKey") from error
        except sqlite3.Error as error:
            raise ProcessError(f"cannot use {self._file}: {error}", "Unreachable") from error
