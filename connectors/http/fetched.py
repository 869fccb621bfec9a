"""Fetched: an answer that was read to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from connector_sdk import Payload, Runtime, Tracked
from connectors.http.border import Border
from connectors.http.decoding import MIB, decoded
from connectors.http.message import Answer

PAGE = "page"
TRACKED = (
    Tracked("status_code", "The status of the answer, such as 200."),
    Tracked("reason", "The words beside the status, where the server says any."),
    Tracked("url", "The address that answered, after redirects; without credentials.", identifies=True),
    Tracked("content_type", "The media type of the answer."),
    Tracked("etag", "What the server tells changed contents by, as it was sent.", settable=True),
    Tracked("last_modified", "When the content changed last, as the server wrote it.", settable=True),
    Tracked(PAGE, "The number of the page that the document came from, from 1."),
)
NAMES = tuple(each.name for each in TRACKED if each.name != PAGE)
"""What is known of every answer."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with its body as a payload."""

    answer: Answer
    payload: Payload

    def tracked(self, border: Border) -> dict[str, str | int | None]:
        """What is known of it, by tracked property."""
        header = self.answer.header
        return {
            "status_code": self.answer.status,
            "reason": self.answer.reason or None,
            "url": border.told(self.answer.url),
            "content_type": header("content-type"),
            "etag": header("etag"),
            "last_modified": header("last-modified"),
        }


def taker(runtime: Runtime, max_size: float | None, decompress: bool = True) -> Callable[[Answer], Fetched]:
    """Reads an answer of at most `max_size` MiB to its end."""
    largest = None if max_size is None else int(max_size * MIB)
    return partial(_taken, runtime=runtime, largest=largest, decompress=decompress)


def properties(answer: Answer, wanted: Mapping[str, str]) -> dict[str, str]:
    """Headers of the answer by the names of the properties that want them; empty texts for those it has not."""
    return {name: answer.header(header) or "" for name, header in wanted.items()}


def _taken(answer: Answer, runtime: Runtime, largest: int | None, decompress: bool) -> Fetched:
    encoding = answer.header("content-encoding") if decompress else None
    return Fetched(answer, runtime.store(decoded(answer.raw, encoding, largest)))
