"""The connection: one database, by its URL or by the parts of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from connector_sdk import Check, Connection, Runtime, Secret, Settings, setting

if TYPE_CHECKING:
    from connectors.database.sql.database import Database

Wait = Annotated[float, setting("Seconds.", ge=0)]
Kind = Literal["sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"]
PARTS = ("kind", "host", "port", "database", "user", "password")


class Retry(Settings):
    """When work is done again that the database undid, or that never reached it."""

    waits: tuple[Wait, ...] = setting(
        "Seconds before each retry after a deadlock, a conflict of transactions, a locked SQLite file or a lost "
        "connection; as many retries as there are waits.",
        (0.1, 1, 5, 15),
    )


class DatabaseConnection(Connection["Database"]):
    """One database, reached through SQLAlchemy; write its `url`, or its parts from `kind` to `password`."""

    url: Secret | None = setting(
        "Address as SQLAlchemy writes it; secret, as it may hold a password.",
        None,
        examples=["sqlite:///data/orders.sqlite", "postgresql://reader:${PASSWORD}@db.example.com/sales"],
    )
    kind: Kind | None = setting("What the database is, where there is no url.", None)
    host: str | None = setting("Name or address of the server.", None)
    port: int | None = setting("Port of the server; the usual one of its kind without.", None, ge=1, le=65535)
    database: str | None = setting("Name of the database; for SQLite its file.", None, examples=["data/orders.sqlite"])
    user: str | None = setting("Who logs in.", None)
    password: Secret | None = setting("The user's password.", None)
    options: dict[str, str] = setting(
        "What else the driver is told, as in the part of a url after `?`.", {}, examples=[{"sslmode": "verify-full"}]
    )
    db_schema: str | None = setting(
        "Schema of tables that name none; the login's own without.", None, alias="schema", examples=["sales"]
    )
    create: bool = setting("Make the SQLite file where it is missing.", False)
    read_only: bool = setting("Refuse every change: the database itself does, so no statement gets round it.", False)
    isolation: Literal["read_committed", "repeatable_read", "serializable"] | None = setting(
        "How far transactions are kept apart; the database's default without. SQLite's are always serializable.", None
    )
    pool_size: int = setting("Connections kept open at most, which is also how many statements run at once.", 5, ge=1)
    connect_timeout: float = setting("Seconds to wait for a connection.", 10.0, gt=0)
    lock_timeout: float = setting(
        "Seconds that a statement waits for what others have locked; then it is retried.", 30.0, gt=0
    )
    statement_timeout: float | None = setting(
        "Seconds that one statement may run; without it, as long as the database lets it.", None, gt=0
    )
    retry: Retry = setting("The retries.", Retry())

    def validate(self) -> None:
        given = [name for name in PARTS if getattr(self, name) is not None]
        if self.url is None and self.kind is None:
            raise ValueError("needs the setting url, or kind with the other parts of an address")
        if self.url is not None and given:
            raise ValueError(f"url says it all; leave out {', '.join(given)}, or the url")
        is_sqlite = self.kind == "sqlite" or (self.url and self.url.get_secret_value().startswith("sqlite"))
        if is_sqlite and self.isolation:
            raise ValueError("SQLite's transactions are always serializable; leave out isolation")
        if self.kind == "sqlite" and (extra := {*given} - {"kind", "database"}):
            raise ValueError(f"SQLite is a file: name it as database, without {', '.join(sorted(extra))}")
        if self.kind and self.database is None:
            raise ValueError(f"kind {self.kind} needs the setting database")
        if self.kind not in (None, "sqlite") and self.host is None:
            raise ValueError(f"kind {self.kind} needs the setting host")

    def open(self, runtime: Runtime) -> Database:
        from connectors.database.sql.database import Database

        return Database(self, runtime)

    def close(self, client: Database) -> None:
        client.close()

    def checks(self, client: Database) -> Iterable[Check]:
        from connectors.database.checks import checks

        return checks(client)

    def browse(self, client: Database) -> Iterable[str]:
        return client.table_names()
