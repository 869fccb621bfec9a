"""Query: one document for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from connector_sdk import Document, Operation, Request, setting
from connectors.sftp.facts import Facts
from connectors.sftp.found import NAMES, Found
from connectors.sftp.glob import Glob
from connectors.sftp.marker import Marker
from connectors.sftp.names import Parts, as_parts
from connectors.sftp.server import Server
from connectors.sftp.walk import Entry, regular, walk


class Query(Operation[Server]):
    """Find files: an empty document for each, with its place, size and time as properties.

    Links to files inside the connection's folder count as files; those that lead elsewhere are left out with a
    warning, and linked folders are not entered.
    """

    action = "query"
    sets: ClassVar[tuple[str, ...]] = NAMES

    object_type: str = setting("The sub-folder to look in; the connection's folder without it.", "", dynamic=True)
    pattern: str = setting(
        "Which files: `*`, `?` and `[...]` match within a name, `**` any folders. A leading dot must be written.",
        "*",
        dynamic=True,
        examples=["*.json", "2026-*/orders-?.csv"],
    )
    recursive: bool = setting("Look in sub-folders too.", False)
    order: Literal["name", "modified"] = setting("By path, or the file changed longest ago first.", "name")
    stable_for: float = setting(
        "Look twice, so many seconds apart, and leave files whose size or time changed in between for the next run: "
        "somebody still writes them. 0 looks once.",
        0.0,
        ge=0,
        examples=[10],
    )
    done_file: str | None = setting(
        "Find only files beside which a file of this name says that they are complete; `{name}` stands for the name "
        "of the file, `{stem}` for the name without its extension. The marks themselves are not found.",
        None,
        min_length=1,
        dynamic=True,
        examples=["{name}.done", "{stem}.ok"],
    )

    def execute(self, client: Server, request: Request) -> Iterator[Document]:
        found: Iterable[tuple[Parts, Facts]] = self._found(client)
        if self.stable_for:
            found = self._settled(client, dict(found))
        if self.order == "modified":
            found = sorted(found, key=lambda each: (each[1].modified, each[0]))
        for parts, facts in found:
            yield Found.at(parts, facts).document(request)

    def _found(self, client: Server) -> Iterator[tuple[Parts, Facts]]:
        for entry in self._fitting(client):
            facts = regular(client, entry)
            if facts is not None:
                yield entry.parts, facts

    def _settled(self, client: Server, first: dict[Parts, Facts]) -> Iterator[tuple[Parts, Facts]]:
        if first:
            client.runtime.wait(self.stable_for)
            yield from (each for each in self._found(client) if first.get(each[0]) == each[1])

    def _fitting(self, client: Server) -> Iterator[Entry]:
        wanted = as_parts(self.object_type)
        start = client.attempt(lambda tree: tree.resolved(wanted))
        glob, marker = Glob.of(self.pattern, self.recursive), Marker(self.done_file)
        for entry in walk(client, start, lambda parts: glob.enters(parts[len(start) :])):
            if not entry.is_folder and glob.matches(entry.parts[len(start) :]) and marker.allows(entry):
                yield entry
