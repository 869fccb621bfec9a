"""A page: an answer, and what its JSON says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connector_sdk import DocumentError
from connectors.http.fetched import Fetched
from connectors.http.paging.paths import search
from connectors.http.paging.records import records
from connectors.http.refusals import as_text

PIECE = 1 << 20
LARGEST = 64 << 20
"""Bytes of a page that is read for its records or its link, and so held in memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the records of a page are; nowhere, where `path` is None."""

    path: tuple[str, ...] | None
    optional: bool


class Page:
    """One page: the answer, and what its JSON says."""

    def __init__(self, fetched: Fetched, number: int, reading: Reading) -> None:
        self.fetched = fetched
        self.number = number
        self._reading = reading
        self._count: int | None = None

    @property
    def is_success(self) -> bool:
        """Whether it is a page at all, and no answer that is merely `expected`."""
        return 200 <= self.fetched.answer.status < 300

    @property
    def count(self) -> int | None:
        """How many records it has; None where nobody said where they are."""
        if self._count is None and self._reading.path is not None:
            for _ in self.records():
                pass
        return self._count

    def records(self) -> Iterator[str]:
        """Each record as it is written."""
        count = 0
        for record in records(self.text(), self._reading.path or (), self._reading.optional):
            count += 1
            yield record
        self._count = count

    def found(self, path: str) -> Any:
        """What is at a JMESPath."""
        try:
            return search(path, json.loads(self.text()))
        except RecursionError as error:
            raise DocumentError("the page's JSON is nested too deeply", "InvalidJson") from error
        except ValueError as error:  # a whole number may also have too many digits
            raise DocumentError(f"the page is not JSON: {str(error).partition(';')[0]}", "InvalidJson") from error

    def says(self, path: str) -> bool:
        """The true or false at a JMESPath; DocumentError where there is none, as what follows would be lost."""
        value = self.found(path)
        if isinstance(value, bool):
            return value
        text = (
            f"at '{path}' in page {self.number} is neither true nor false; where it may be missing: {path} || `false`"
        )
        raise DocumentError(text, "PathFailed")

    def text_at(self, path: str) -> str:
        """The text or number at a JMESPath; empty for null, false and an empty text."""
        value = self.found(path)
        if value is None or value is False:
            return ""
        if isinstance(value, str | int) and value is not True:
            return str(value)
        raise DocumentError(f"at '{path}' in page {self.number} is neither a text nor a whole number", "InvalidLink")

    def text(self) -> str:
        """The page as text; DocumentError where it is too large to be held."""
        payload = self.fetched.payload
        if payload.size > LARGEST:
            sizes = f"{payload.size:,} bytes; {LARGEST:,} are read for records or links"
            raise DocumentError(f"page {self.number} has {sizes}: ask for smaller pages", "TooLarge")
        return as_text(payload.read().removeprefix(b"\xef\xbb\xbf"), self.fetched.answer.header("content-type") or "")

    def digest(self) -> bytes:
        """What tells its content from another."""
        digest = hashlib.sha256()
        with self.fetched.payload.open() as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
        return digest.digest()
