"""State: what processes keep from run to run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from connector_sdk import ConfigError, ProcessError

if TYPE_CHECKING:
    from process_runner.store.rows import Rows

Answer = TypeVar("Answer")

LARGEST_BLOCK = 256
"""Numbers of a sequence that a run reserves at once, at most: what a run that is killed can leave as a gap."""


class Runs(NamedTuple):
    """When a process last started, and when it last started and ended well; None for never."""

    last: datetime | None = None
    last_successful: datetime | None = None


class State:
    """The store behind a URL, opened when something is first asked of it. Safe for threads.

    The URL may be a function that finds it. A state pickles as its URL, so every worker process opens its own. `close`
    gives unused numbers back.
    """

    def __init__(self, url: str | Callable[[], str]) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._rows: Rows | None = None
        self._blocks: dict[str, _Block] = {}

    def properties(self, process: str) -> dict[str, str]:
        """The persisted process properties of a process."""
        return self._ask(lambda rows: rows.properties(process))

    def persist(self, process: str, properties: Mapping[str, str]) -> None:
        """Keep these process properties of a process; others stay as they are."""
        self._ask(lambda rows: rows.persist(process, properties))

    def runs(self, process: str) -> Runs:
        """When the process ran before."""
        started, succeeded = self._ask(lambda rows: rows.runs(process))
        return Runs(_moment(started), _moment(succeeded))

    def began(self, process: str, started: datetime) -> None:
        """Record that a run of the process started."""
        self._ask(lambda rows: rows.record(process, started=started.isoformat()))

    def succeeded(self, process: str, started: datetime) -> None:
        """Record that the run which started then ended well."""
        self._ask(lambda rows: rows.record(process, succeeded=started.isoformat()))

    def number(self, sequence: str) -> int:
        """The next number of a sequence, from 1; no two calls anywhere get the same one.

        Numbers are reserved in blocks: 1, 2, 4... up to 256 at once. What a run did not use it gives back when it
        ends, if no other run has reserved since; so gaps come from runs at the same time and from runs that are killed.
        """
        return self._ask(lambda rows: self._next(rows, sequence))

    def close(self) -> None:
        """Give back what is reserved and held; the state can be used again after it."""
        with self._lock:
            rows, self._rows = self._rows, None
            blocks, self._blocks = self._blocks, {}
        if rows is None:
            return
        try:
            for name, block in blocks.items():
                if block.next < block.end:
                    rows.give_back(name, block.next, block.end)
        finally:
            rows.close()

    def _next(self, rows: Rows, sequence: str) -> int:
        block = self._blocks.get(sequence)
        if block is None or block.next == block.end:
            size = 1 if block is None else min(block.size * 2, LARGEST_BLOCK)
            first = rows.reserve(sequence, size)
            block = self._blocks[sequence] = _Block(first, first + size, size)
        block.next += 1
        return block.next - 1

    def _ask(self, question: Callable[[Rows], Answer]) -> Answer:
        with self._lock:
            if self._rows is None:
                self._rows = self._open()
            return question(self._rows)

    def _open(self) -> Rows:
        try:
            from process_runner.store.rows import Rows
        except ImportError as error:
            raise ProcessError(f"the store cannot be used: {error}", "StoreFailed") from error
        try:
            return Rows(self._url if isinstance(self._url, str) else self._url())
        except ConfigError as error:
            raise ProcessError(str(error), "StoreFailed") from error

    def __getstate__(self) -> str | Callable[[], str]:
        return self._url

    def __setstate__(self, url: str | Callable[[], str]) -> None:
        self.__init__(url)  # type: ignore[misc]  # a state is its URL, opened again where it arrives


@dataclass(slots=True)
class _Block:
    """Reserved numbers: from `next` up to, and without, `end`."""

    next: int
    end: int
    size: int


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
