"""PostgreSQL: values as the server writes them, limits of time, and statements that can be cancelled."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import URL, Engine

from connectors.database.connection import DatabaseConnection
from connectors.database.written import JsonText

ISOLATION = {"read_committed": "READ COMMITTED", "repeatable_read": "REPEATABLE READ", "serializable": "SERIALIZABLE"}
TEXTS = ("interval", "inet", "cidr", "uuid", "time", "timetz", "date")
RANGES = ("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange")
BARE_HOURS = re.compile(r"[+-]\d\d$")
CANCEL = 5.0
"""Seconds that asking the server to cancel may take."""


def engine(url: URL, settings: DatabaseConnection, **pool: Any) -> Engine:
    """An engine with the connection's limits; ImportError where the driver is missing."""
    if settings.isolation:
        pool["isolation_level"] = ISOLATION[settings.isolation]
    made = sql.create_engine(
        url,
        connect_args={
            "connect_timeout": max(1, round(settings.connect_timeout)),
            "application_name": url.query.get("application_name", "process-runner"),
        },
        **pool,
    )

    def connected(connection: Any, _: Any) -> None:
        connection.autocommit = True
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in _limits(settings).items()))
        connection.autocommit = False
        _load_as_written(connection)

    sql.event.listen(made, "connect", connected)
    return made


def cancel(driver: Any) -> None:
    """Ask the server to stop what this connection does."""
    driver.cancel_safe(timeout=CANCEL)


def array(values: list[Any], item: Any) -> str:
    """The array as PostgreSQL reads it; `item` makes a text of each element that is no array."""
    parts = [
        "NULL" if each is None else array(each, item) if isinstance(each, list) else _quoted(item(each))
        for each in values
    ]
    return "{" + ",".join(parts) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _limits(settings: DatabaseConnection) -> dict[str, str]:
    limits = {"lock_timeout": str(int(settings.lock_timeout * 1000))}
    if settings.statement_timeout is not None:
        limits["statement_timeout"] = str(max(1, int(settings.statement_timeout * 1000)))
    if settings.read_only:
        limits["default_transaction_read_only"] = "on"
    return limits


def _load_as_written(connection: Any) -> None:
    """Let texts be what Python's types lose: infinite dates, months of intervals, digits in JSON."""
    from psycopg.adapt import Loader
    from psycopg.types.string import TextLoader

    class Json(Loader):
        def load(self, data: Any) -> JsonText:
            return JsonText(bytes(data).decode())

    class Moment(Loader):
        def load(self, data: Any) -> str:
            return _iso(bytes(data).decode())

    for name in (*TEXTS, *RANGES, *(each.replace("range", "multirange") for each in RANGES)):
        connection.adapters.register_loader(name, TextLoader)
    for name in ("json", "jsonb"):
        connection.adapters.register_loader(name, Json)
    for name in ("timestamp", "timestamptz"):
        connection.adapters.register_loader(name, Moment)


def _iso(text: str) -> str:
    """2026-01-31 12:00:00+00 -> 2026-01-31T12:00:00+00:00; infinity stays as it is."""
    if " " not in text or text.endswith(" BC"):
        return text
    moment = text.replace(" ", "T", 1)
    return f"{moment}:00" if BARE_HOURS.search(moment) else moment
