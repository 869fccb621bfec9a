"""Query: one document for each file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar, Literal

from connector_sdk import Operation, Outputs, Request, setting
from connectors.disk.folder import Folder
from connectors.disk.found import NAMES, Found
from connectors.disk.glob import Glob
from connectors.disk.names import Parts, as_parts
from connectors.disk.walk import FEW, regular, regulars, walk


class Query(Operation[Folder]):
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

    def execute(self, client: Folder, request: Request) -> Iterator[Outputs]:
        paths = self._paths(client)
        if self.order == "modified":
            paths = _oldest_first(client, paths)
        files = regulars(client, paths)
        while few := list(islice(files, FEW)):
            columns = zip(*(Found.at(*each).texts for each in few), strict=True)
            yield request.outputs([b""] * len(few), **dict(zip(NAMES, map(list, columns), strict=True)))

    def _paths(self, client: Folder) -> Iterator[Parts]:
        start = client.resolved(as_parts(self.object_type))
        glob = Glob.of(self.pattern, self.recursive)
        for parts, is_folder in walk(client, start, lambda parts: glob.enters(parts[len(start) :])):
            if not is_folder and glob.matches(parts[len(start) :]):
                yield parts


def _oldest_first(client: Folder, paths: Iterator[Parts]) -> Iterator[Parts]:
    found = ((regular(client, parts), parts) for parts in paths)
    ages = sorted((facts.st_mtime_ns, parts) for facts, parts in found if facts is not None)
    return (parts for _, parts in ages)
