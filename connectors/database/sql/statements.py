"""Statements on a table: every name quoted, every value bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import sqlalchemy as sql
from sqlalchemy.dialects import mysql, postgresql, sqlite

from connector_sdk import ProcessError
from connectors.database.sql.tables import Table

OnConflict = Literal["update", "ignore", "fail"]
Build: TypeAlias = Callable[[Table, Sequence[str]], Any]
"""A table and the columns that a row names -> the statement for such rows."""
INSERTS: Mapping[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def bind(number: int) -> str:
    """The name under which the value of a row's column is bound; columns may be called anything."""
    return f"v{number}"


def insert(table: Table, names: Sequence[str]) -> Any:
    """INSERT of one row."""
    return sql.insert(table.clause).values(_values(names))


def upsert(kind: str, keys: Sequence[str], on_conflict: OnConflict) -> Build:
    """INSERT that says what happens where the row is there; ProcessError where the database knows no such thing."""
    if on_conflict == "fail":
        return insert
    if kind in ("mysql", "mariadb"):
        return lambda table, names: _on_duplicate(table, names, keys, on_conflict)
    if kind not in INSERTS:
        raise ProcessError(f"{kind} has no upsert; the action `statement` with MERGE would work", "NotSupported")
    return lambda table, names: _on_conflict(INSERTS[kind], table, names, keys, on_conflict)


def update(keys: Sequence[str]) -> Build:
    """UPDATE of the rows that the keys name."""

    def build(table: Table, names: Sequence[str]) -> Any:
        clause = table.clause
        changed = {name: value for name, value in _values(names).items() if name not in keys}
        return sql.update(clause).where(*_are(clause, names, keys)).values(changed)

    return build


def delete(keys: Sequence[str]) -> Build:
    """DELETE of the rows that the keys name."""

    def build(table: Table, names: Sequence[str]) -> Any:
        clause = table.clause
        return sql.delete(clause).where(*_are(clause, names, keys))

    return build


def returning(statement: Any, table: Table, columns: Sequence[str]) -> Any:
    """The statement, giving back columns of the rows that it changed."""
    clause = table.clause
    return statement.returning(*(clause.c[each] for each in columns))


def _on_conflict(
    insert: Callable[..., Any], table: Table, names: Sequence[str], keys: Sequence[str], on_conflict: OnConflict
) -> Any:
    statement = insert(table.clause).values(_values(names))
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    if on_conflict == "ignore" or not changed:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)


def _on_duplicate(table: Table, names: Sequence[str], keys: Sequence[str], on_conflict: OnConflict) -> Any:
    statement = mysql.insert(table.clause).values(_values(names))
    changed = {name: statement.inserted[name] for name in names if name not in keys}
    if on_conflict == "ignore" or not changed:
        changed = {keys[0]: table.clause.c[keys[0]]}
    return statement.on_duplicate_key_update(changed)


def _values(names: Sequence[str]) -> dict[str, Any]:
    return {name: sql.bindparam(bind(number)) for number, name in enumerate(names)}


def _are(clause: Any, names: Sequence[str], keys: Sequence[str]) -> list[Any]:
    values = _values(names)
    return [clause.c[key] == values[key] for key in keys]
