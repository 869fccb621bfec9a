"""Rows: a result that is fetched piece by piece while it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.engine import CursorResult

from connector_sdk import DocumentError
from connectors.database.call import Call
from connectors.database.sql import faults


class Rows:
    """The rows of a query, once; `names` are their columns. DocumentError where two columns have one name."""

    def __init__(self, call: Call, result: CursorResult[Any], size: int) -> None:
        if not result.returns_rows:
            raise DocumentError(f"{call}: the statement returns no rows; use the action `statement` for it", "NoRows")
        self.names = distinct(call, list(result.keys()))
        self._call = call
        self._result = result
        self._size = size
        self._taken = 0
        self._first: Sequence[Sequence[Any]] = result.fetchmany(size)

    def __iter__(self) -> Iterator[Sequence[Any]]:
        chunk = self._first
        while chunk:
            self._taken += len(chunk)
            yield from chunk
            self._call.runtime.check()
            chunk = self._more()

    def _more(self) -> Sequence[Sequence[Any]]:
        try:
            return self._result.fetchmany(self._size)
        except faults.ERRORS as error:
            self._call.runtime.check()
            failure = faults.failure(error)
            raise DocumentError(
                f"{self._call} failed after {self._taken} rows: {failure.code}: {failure.message}; none of them "
                "travels on; run it again, such as by a try_catch with retry",
                failure.code,
            ) from error


def distinct(call: Call, names: Sequence[str]) -> Sequence[str]:
    """The names of columns; DocumentError where two have the same, since a JSON object would lose one of them."""
    if twice := {name for name in names if names.count(name) > 1}:
        named = ", ".join(sorted(twice))
        raise DocumentError(f"{call}: two columns are called {named}; tell them apart with AS", "DuplicateColumn")
    return names
