"""Results: what became of each document of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from connector_sdk.errors import DocumentError

if TYPE_CHECKING:
    from connector_sdk.document import Document
    from connector_sdk.request import Request


class Result(NamedTuple):
    """The answer to one request: the documents it gave, or why it failed (an ApplicationError is a refusal)."""

    request: Request
    documents: Iterable[Document] = ()
    error: DocumentError | None = None
