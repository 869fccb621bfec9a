"""What the formats share: batches, and errors that name the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from connector_sdk import DocumentError

Item = TypeVar("Item")

LARGEST = 256 << 20
"""How many bytes one part may have, because a part is held in memory whole."""


def refuse_larger(size: int, largest: int) -> None:
    """DocumentError for a part that is too large to be held."""
    if size > largest:
        raise DocumentError(
            f"one part has more than {largest >> 20} MiB, the most that is held in memory; "
            "split at something that comes more often",
            "TooLarge",
        )


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size` consecutive items, the last one shorter."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


@contextmanager
def about_document(number: int) -> Iterator[None]:
    """Say in a DocumentError which of the combined documents it is about, counted from 1."""
    try:
        yield
    except DocumentError as error:
        raise DocumentError(f"document {number}: {error}", error.code) from error
