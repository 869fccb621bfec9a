"""Rows: the statements of the store, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sql

from process_runner.store.database import Database
from process_runner.store.tables import PROPERTIES, RUNS, SEQUENCES


class Rows:
    """What is kept in one database."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def properties(self, process: str) -> dict[str, str]:
        """Persisted process properties by name."""
        wanted = sql.select(PROPERTIES.c.name, PROPERTIES.c.value).where(PROPERTIES.c.process == process)
        with self._database.transaction() as connection:
            return {row.name: row.value for row in connection.execute(wanted)}

    def persist(self, process: str, properties: Mapping[str, str]) -> None:
        """Write process properties."""
        rows = [{"process": process, "name": name, "value": value} for name, value in sorted(properties.items())]
        insert = self._database.insert(PROPERTIES)
        change = insert.on_conflict_do_update(
            index_elements=["process", "name"], set_={"value": insert.excluded["value"]}
        )
        with self._database.transaction() as connection:
            connection.execute(change, rows)

    def runs(self, process: str) -> tuple[str | None, str | None]:
        """When the process started last, and when it started the last time that it ended well."""
        wanted = sql.select(RUNS.c.started, RUNS.c.succeeded).where(RUNS.c.process == process)
        with self._database.transaction() as connection:
            row = connection.execute(wanted).one_or_none()
        return (row.started, row.succeeded) if row else (None, None)

    def record(self, process: str, **moments: str) -> None:
        """Set `started` or `succeeded`; of runs at the same time the later start stays."""
        insert = self._database.insert(RUNS).values(process=process, **moments)
        latest = {name: _latest(RUNS.c[name], insert.excluded[name]) for name in moments}
        with self._database.transaction() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["process"], set_=latest))

    def reserve(self, sequence: str, count: int) -> int:
        """The first of `count` consecutive numbers that nobody else gets."""
        insert = self._database.insert(SEQUENCES).values(name=sequence, next=1 + count)
        change = insert.on_conflict_do_update(
            index_elements=["name"], set_={"next": SEQUENCES.c.next + count}
        ).returning(SEQUENCES.c.next)
        with self._database.transaction() as connection:
            return int(connection.execute(change).scalar_one()) - count

    def give_back(self, sequence: str, first: int, end: int) -> None:
        """Return the numbers from `first` to before `end`, if no later one was reserved by anybody."""
        mine = (SEQUENCES.c.name == sequence) & (SEQUENCES.c.next == end)
        with self._database.transaction() as connection:
            connection.execute(sql.update(SEQUENCES).where(mine).values(next=first))

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()


def _latest(there: sql.ColumnElement[str | None], new: sql.ColumnElement[str | None]) -> sql.ColumnElement[str | None]:
    return sql.case((there > new, there), else_=new)
