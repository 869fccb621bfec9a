"""Faults: errors of SQLAlchemy and of drivers as failures, without the values they quote."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sql

from connectors.database.failures import Failure, Nature

ERRORS = (sql.exc.SQLAlchemyError, sqlite3.Error, OverflowError, UnicodeError)
"""Everything that a statement may raise and `failure` understands; drivers let the last two through."""

UNDONE = ("40", "53", "55P03", "57P", "08")
"""Conflicts, too few resources, locks, a server that goes down, lost connections."""
SQLITE = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: "23505",
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: "23505",
    sqlite3.SQLITE_CONSTRAINT_ROWID: "23505",
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: "23502",
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: "23503",
    sqlite3.SQLITE_CONSTRAINT_CHECK: "23514",
    sqlite3.SQLITE_READONLY: "25006",
    sqlite3.SQLITE_INTERRUPT: "57014",
}
SQLITE_TEXTS = (
    ("no such table", "42P01"),
    ("no such column", "42703"),
    ("has no column named", "42703"),
    ("syntax error", "42601"),
    ("incomplete input", "42601"),
    ("one statement at a time", "42601"),
    ("ON CONFLICT clause does not match", "42P10"),
)
MYSQL = {
    1040: "53300",
    1044: "28000",
    1045: "28000",
    1048: "23502",
    1049: "3D000",
    1054: "42703",
    1062: "23505",
    1064: "42601",
    1142: "42501",
    1146: "42P01",
    1205: "55P03",
    1213: "40P01",
    1364: "23502",
    1451: "23503",
    1452: "23503",
    2002: "08001",
    2003: "08001",
    2006: "08006",
    2013: "08006",
    3819: "23514",
}
GENERAL = "HY000"
STATES = (
    (sql.exc.IntegrityError, "23000"),
    (sql.exc.DataError, "22000"),
    (sql.exc.ProgrammingError, "42000"),
    (sql.exc.NotSupportedError, "0A000"),
    (sql.exc.InternalError, "XX000"),
)
"""What the standard's classes of errors say where a driver says no more."""
REFUSED_LOGIN = re.compile(r"failed: \w+:  |access denied|login failed|ORA-01017|SCRAM|password", re.IGNORECASE)
NOT_YET = re.compile(r"starting up|shutting down|recovery|too many|connection slots|not yet accepting", re.IGNORECASE)
LOST = "ConnectionLost"
SHORTEST = 3
"""Characters of a value that is looked for in messages; shorter ones are in every text."""


def failure(error: BaseException) -> Failure:
    """What went wrong."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if not isinstance(error, sql.exc.SQLAlchemyError):
        return Failure("22000", f"a value cannot be sent: {type(error).__name__}")
    origin = getattr(error, "orig", None)
    if origin is None:
        return Failure(type(error).__name__, _without(_first_line(str(error)), _values(error)))
    if isinstance(origin, sqlite3.Error):
        return _of_sqlite(origin)
    state = _state(error, origin)
    lost = bool(getattr(error, "connection_invalidated", False))
    if not state:
        return _without_state(error, origin, lost)
    nature: Nature = "undone" if lost or state.startswith(UNDONE) else "refused"
    if state.startswith("28") or state == "3D000":
        nature = "credentials"
    return Failure(state, _without(_told(origin, state), _values(error)), nature)


def _state(error: BaseException, origin: BaseException) -> str:
    """The SQLSTATE: of psycopg, of ODBC, for MySQL's numbers; empty where the connection itself failed."""
    first = origin.args[0] if origin.args else None
    if state := getattr(origin, "sqlstate", None):
        return str(state)
    if isinstance(first, int):
        return MYSQL.get(first, GENERAL)
    if isinstance(first, str) and re.fullmatch(r"[0-9A-Z]{5}", first):
        return first
    return next((state for kind, state in STATES if isinstance(error, kind)), "")


def _of_sqlite(origin: sqlite3.Error) -> Failure:
    text = str(origin).partition(" with text ")[0]  # what cannot be decoded is quoted behind it
    number = getattr(origin, "sqlite_errorcode", 0)
    named = next((code for part, code in SQLITE_TEXTS if part in text), None)
    code: str | None = SQLITE.get(number) or SQLITE.get(number & 0xFF) or named
    busy = number & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return Failure(
        code or str(getattr(origin, "sqlite_errorname", "22000")),
        "a value cannot be bound" if "binding parameter" in text else text,
        "undone" if busy else "refused",
    )


def _without_state(error: BaseException, origin: BaseException, lost: bool) -> Failure:
    """The connection itself failed, for which drivers have no SQLSTATE."""
    text = _without(_first_line(str(origin)), _values(error))
    if lost:
        return Failure(LOST, text, "undone")
    if NOT_YET.search(text):
        return Failure("57P03", text, "unreachable")
    if REFUSED_LOGIN.search(text):
        return Failure("3D000" if "database" in text and "exist" in text else "28000", text, "credentials")
    return Failure("08001", text, "unreachable")


def _told(origin: Any, state: str) -> str:
    """The server's first sentence with the place in the statement; of a value that is wrong, not the value."""
    diagnosis = getattr(origin, "diag", None)
    text = getattr(diagnosis, "message_primary", None) or _first_line(str(origin.args[-1] if origin.args else origin))
    if state.startswith("22"):
        return text.partition(': "')[0] + _column(diagnosis)
    return f"{text}{_place(str(origin))}"


def _column(diagnosis: Any) -> str:
    column = getattr(diagnosis, "column_name", None)
    return f" (column {column!r})" if column else ""


def _place(text: str) -> str:
    """Where in the statement, from the two lines in which PostgreSQL shows it."""
    shown = re.search(r"^LINE (\d+): (.*)\n( *)\^", text, re.MULTILINE)
    if not shown:
        return ""
    at = len(shown[3]) - len(f"LINE {shown[1]}: ")
    word = re.match(r"\w+|\S|$", shown[2][max(at, 0) :])
    return f" (line {shown[1]}, at {word[0]!r})" if word and word[0] else f" (line {shown[1]}, at its end)"


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0]


def _values(error: BaseException) -> Iterator[str]:
    """The texts that were bound to the statement."""
    rows = getattr(error, "params", None)
    for row in rows if isinstance(rows, list) else [rows]:
        held: Iterable[Any] = row.values() if isinstance(row, Mapping) else row or ()
        yield from (each for each in held if isinstance(each, str) and len(each) >= SHORTEST)


def _without(text: str, values: Iterable[str]) -> str:
    for value in values:
        for before, after in (('"', '"'), ("'", "'"), ("(", ")")):
            text = text.replace(f"{before}{value}{after}", f"{before}...{after}")
    return text
