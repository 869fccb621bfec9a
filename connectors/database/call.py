"""Call: what is asked of the database and for whom, as every message about it says."""

from __future__ import annotations

from dataclasses import dataclass

from connector_sdk import Runtime


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to do, with a table where it has one.

    `repeatable` tells that doing it twice leaves the same behind as doing it once.
    """

    action: str
    runtime: Runtime
    table: str = ""
    repeatable: bool = False

    def __str__(self) -> str:
        return f"{self.action} of table {self.table!r}" if self.table else self.action
