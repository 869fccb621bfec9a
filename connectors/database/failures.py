"""Failures: what a driver raised, in the terms that retries and messages need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from connector_sdk import ApplicationError, ConnectorError, DocumentError, ProcessError
from connectors.database.call import Call

Nature = Literal["refused", "undone", "unreachable", "credentials"]
"""The statement is at fault; it may do better a second time; nobody answers; the login is refused."""

UNKNOWN_OUTCOME = "OutcomeUnknown"
HINTS: Mapping[str, str] = MappingProxyType(
    {
        "25006": "the connection or the action may only read; `statement` without read_only can change something",
        "42501": "the database user lacks a right; grant it",
        "42P01": "correct the name, or the schema of the connection",
        "42P10": "an upsert needs a primary key or unique index over exactly its keys",
        "42P18": "tell its type, in `types` or with a CAST in the statement",
        "55P03": "another transaction held a lock for longer than lock_timeout",
        "57014": "it ran for longer than statement_timeout lets it",
    }
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt: `code` is the SQLSTATE where there is one; `message` holds no value of a document."""

    code: str
    message: str
    nature: Nature = "refused"

    @property
    def transient(self) -> bool:
        """Whether another attempt may succeed."""
        return self.nature in ("undone", "unreachable")


def explained(call: Call, failure: Failure) -> ConnectorError:
    """The error to raise: it names the action, the table, the code and the database's own message."""
    text = f"{call} failed: {failure.code}: {failure.message}"
    if hint := HINTS.get(failure.code):
        text += f"; {hint}"
    if failure.nature == "credentials":
        return ProcessError(f"{text}; the database refuses the connection's login", failure.code)
    if failure.transient:
        return DocumentError(f"{text}; every retry failed as well, and nothing was changed", failure.code)
    return ApplicationError(text, failure.code)


def unknown_outcome(call: Call, failure: Failure) -> DocumentError:
    """The connection was lost while changes were made permanent: nobody here can know whether they are."""
    return DocumentError(
        f"{call}: the connection was lost while the changes were committed ({failure.code}: {failure.message}); "
        "they may be there or not. Look before you run it again; an upsert can be repeated in any case",
        UNKNOWN_OUTCOME,
    )
