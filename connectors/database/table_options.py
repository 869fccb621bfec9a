"""Options that the actions on tables share: which table, how documents hold rows, and what is committed together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from connector_sdk import DocumentError, Settings, setting
from connectors.database.rows import Format

if TYPE_CHECKING:
    from connectors.database.sql.tables import Table

IfMissing = Literal["fail", "ignore"]
Together = Literal["document", "batch", "step"]


def transaction(default: Together) -> Any:
    """Declares the option `transaction`."""
    return setting(
        "What is committed together: each document, a batch of them of which bad ones fail alone, or all documents of "
        "the step or none.",
        default,
    )


def batch() -> Any:
    """Declares the option `batch`."""
    return setting("Documents in a batch at most.", 1000, ge=1, le=100_000)


class TableOptions(Settings):
    """A table, and the rows that documents bring for it."""

    table: str = setting(
        "The table, or schema.table; always quoted, so that any name is safe.",
        dynamic=True,
        min_length=1,
        examples=["orders", "sales.orders"],
    )
    format: Format = setting(
        "How a document holds its rows: JSON objects (one, an array, or one after another), or CSV with a header.",
        "json",
        dynamic=True,
    )
    delimiter: str = setting("What divides the fields of CSV.", ",", min_length=1, max_length=1)
    null: str | None = setting("The field of CSV that stands for NULL; null for none.", "")
    unknown_columns: Literal["fail", "ignore"] = setting(
        "What to do with fields that the table has no column for.", "fail"
    )
    transaction: Together = transaction("batch")
    batch: int = batch()


class Batched(Protocol):
    """What says how documents are committed."""

    @property
    def transaction(self) -> Together:
        """What is committed together."""

    @property
    def batch(self) -> int:
        """Documents in a batch at most."""


def returning() -> Any:
    """Declares the option `returning`."""
    return setting(
        "Columns to give back, such as generated keys; rows then go one by one, which is slower.",
        (),
        examples=[["id"]],
    )


def keys() -> Any:
    """Declares the option `keys`."""
    return setting("Columns that tell rows apart; the primary key without them.", (), examples=[["id"]])


def if_missing(default: IfMissing) -> Any:
    """Declares the option `if_missing`."""
    return setting("Where a row of the document is not in the table: fail the document, or go on.", default)


def chosen_keys(named: tuple[str, ...], table: Table) -> tuple[str, ...]:
    """The columns that tell rows apart; DocumentError where nobody says which."""
    if named or table.keys:
        return named or table.keys
    raise DocumentError(f"table {table.name!r} has no primary key; name its unique columns as `keys`", "NoKeys")
