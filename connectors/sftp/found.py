"""A file that was found or made: where it is and what is known of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from connector_sdk import Document, Payload, Request, Tracked
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts, as_text

TRACKED = (
    Tracked("folder", "The folder of the file, from the connection's folder; `.` for that folder itself.", True),
    Tracked("file_name", "The name of the file in its folder.", True),
    Tracked("path", "Folder and file name, from the connection's folder.", identifies=True),
    Tracked("size", "The size of the file in bytes."),
    Tracked("modified", "When the file was last changed: ISO 8601, UTC, whole seconds."),
)
NAMES = tuple(each.name for each in TRACKED)


@dataclass(frozen=True, slots=True)
class Found:
    """A file as its tracked properties describe it; paths are relative to the base folder."""

    folder: str
    file_name: str
    path: str
    size: int
    modified: str

    @classmethod
    def at(cls, parts: Parts, facts: Facts) -> Found:
        """The file at `parts`."""
        moment = datetime.fromtimestamp(facts.modified, UTC).replace(tzinfo=None)
        written = f"{moment.isoformat(timespec='microseconds')}Z"
        return cls(as_text(parts[:-1]), as_text(parts[-1:]), as_text(parts), facts.size, written)

    def document(self, request: Request, content: Payload | bytes | str | None = None) -> Document:
        """A document with this content that carries the tracked properties."""
        return request.output(content, **asdict(self))

    def described(self, request: Request, **more: str) -> Document:
        """A document whose content describes the file as JSON."""
        return self.document(request, json.dumps({**asdict(self), **more}, ensure_ascii=False))
