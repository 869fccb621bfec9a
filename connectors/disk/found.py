"""A file that was found or made: where it is and what is known of it."""

from __future__ import annotations

import functools
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connector_sdk import Document, Payload, Request, Tracked
from connectors.disk.names import Parts, as_text

ENCODE = json.JSONEncoder(ensure_ascii=False).encode
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = int((datetime.min.replace(tzinfo=UTC) - EPOCH) / timedelta(microseconds=1))
LATEST = int((datetime.max.replace(tzinfo=UTC) - EPOCH) / timedelta(microseconds=1))

TRACKED = (
    Tracked("folder", "The folder of the file, from the connection's folder; `.` for that folder itself.", True),
    Tracked("file_name", "The name of the file in its folder.", True),
    Tracked("path", "Folder and file name, from the connection's folder.", identifies=True),
    Tracked("size", "The size of the file in bytes."),
    Tracked("modified", "When the file was last changed: ISO 8601, UTC."),
)
NAMES = tuple(each.name for each in TRACKED)


@functools.lru_cache(maxsize=256)  # files that were made together often have the same
def _second(seconds: int) -> str:
    return (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


class Found(NamedTuple):
    """A file as its tracked properties describe it; paths are relative to the base folder."""

    folder: str
    file_name: str
    path: str
    size: int
    modified: str

    @classmethod
    def at(cls, parts: Parts, facts: os.stat_result) -> Found:
        """The file at `parts`."""
        seconds, fraction = divmod(min(max(facts.st_mtime_ns // 1000, EARLIEST), LATEST), 1_000_000)
        path = as_text(parts)
        folder, _, name = path.rpartition("/")
        return cls(folder or as_text(()), name, path, facts.st_size, f"{_second(seconds)}.{fraction:06}Z")

    @property
    def named(self) -> dict[str, Any]:
        """The tracked properties by their names."""
        return self._asdict()

    @property
    def texts(self) -> tuple[str, ...]:
        """The same as texts, in the order of NAMES."""
        return self.folder, self.file_name, self.path, str(self.size), self.modified

    def document(self, request: Request, content: Payload | bytes | str | None = None) -> Document:
        """A document with this content that carries the tracked properties."""
        return request.output(content, None, **self.named)

    def described(self, request: Request, **more: str) -> Document:
        """A document whose content describes the file as JSON."""
        return self.document(request, ENCODE({**self.named, **more}))
