"""Checks: what a connection proves of itself, from one attempt to log in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from connector_sdk import Check, ConnectorError, DocumentError, ProcessError
from connectors.database.call import Call

if TYPE_CHECKING:
    from connectors.database.sql.database import Database
    from connectors.database.sql.login import Login

UPSERTS = ("sqlite", "postgresql", "mysql", "mariadb")


def checks(client: Database) -> Iterator[Check]:
    """Is somebody there, are we let in, may we read and write, and can the database do what actions need."""
    login = _Attempt(client)
    yield Check("network", login.is_answered, "correct host and port (or the file), or start the server")
    yield Check("credentials", login.is_accepted, "correct user, password and the name of the database")
    yield Check("permission", login.may_read, "grant SELECT on tables to the user, and USAGE on their schema")
    if not client.connection.read_only:
        yield Check(
            "permission", login.may_write, "grant INSERT, UPDATE, DELETE; the action query works without", needed=False
        )
    yield Check("capability", login.can_upsert, "upgrade the database; all actions but upsert work", needed=False)


class _Attempt:
    """One log-in, made when first asked for, of which each check tells its part."""

    def __init__(self, client: Database) -> None:
        self._client = client

    def is_answered(self) -> str:
        """Somebody answers; DocumentError otherwise."""
        if isinstance(self._outcome, DocumentError):
            raise self._outcome
        return f"{self._client.shown} answers"

    def is_accepted(self) -> str:
        """The login is let in; ProcessError otherwise."""
        return f"logged in as {self._login.user}" if self._login.user else "a file needs no login"

    def may_read(self) -> str:
        """There is a table that the login may read, or none at all; ProcessError otherwise."""
        login = self._login
        if login.tables and not login.readable:
            raise ProcessError(f"none of the {login.tables} tables may be read", "42501")
        return f"{login.readable} of {login.tables} tables and views can be read"

    def may_write(self) -> str:
        """The database takes changes, and there is a table that the login may change; ProcessError otherwise."""
        login = self._login
        if login.is_read_only:
            raise ProcessError("the database only lets itself be read", "25006")
        if login.tables and not login.writable:
            raise ProcessError(f"none of the {login.tables} tables may be written", "42501")
        return f"{login.writable} of {login.tables} tables and views can be written"

    def can_upsert(self) -> str:
        """The database has an upsert; ProcessError otherwise."""
        if self._client.kind not in UPSERTS or not self._login.has_upsert:
            raise ProcessError(f"{self._login.version} has no upsert that this connector knows", "NotSupported")
        return f"{self._login.version} has upsert"

    @property
    def _login(self) -> Login:
        if isinstance(self._outcome, ConnectorError):
            raise self._outcome
        return self._outcome

    @cached_property
    def _outcome(self) -> Login | ConnectorError:
        from connectors.database.sql.login import login

        try:
            return self._client.ask(Call("log in", self._client.runtime), login, retries=0)
        except ConnectorError as error:
            return error
