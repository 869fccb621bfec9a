"""Folders of the sandbox: filled before a test, looked at after it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

LONGEST = 255
"""Bytes of a part of a path."""


class Folders:
    """A folder below `root` for each of some connections."""

    def __init__(self, root: Path, connections: Iterable[str]) -> None:
        self._paths = {name: root / str(number) for number, name in enumerate(connections, 1)}
        for path in self._paths.values():
            path.mkdir(parents=True)

    def of(self, connection: str) -> Path:
        """The folder of a connection."""
        return self._paths[connection]

    def fill(self, connection: str, files: Mapping[str, bytes]) -> None:
        """Write files, each of them changed a second after the one before it and the last one now."""
        written = [self.of(connection) / name for name in files]
        for path, content in zip(written, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for age, path in enumerate(reversed(written)):
            moment = path.stat().st_mtime - age
            os.utime(path, (moment, moment))

    def content(self, connection: str) -> dict[str, bytes]:
        """Every file by its path, in the order of the paths."""
        root = self.of(connection)
        found = sorted(path for path in root.rglob("*") if path.is_file())
        return {_text(path.relative_to(root)): path.read_bytes() for path in found}


def faults(paths: Iterable[str]) -> Iterator[str]:
    """What is wrong with paths of files that are to be written in one folder."""
    names = set(paths)
    for name in names:
        parts = PurePosixPath(name)
        if not name or parts.is_absolute() or {".", "..", ""} & set(name.split("/")):
            yield f"'{name}' is no path of a file in the connection's folder, such as orders/a.json"
        elif "\0" in name or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST for part in parts.parts):
            yield f"'{name[:40]}' is a name that no file can have"
        elif above := names & {str(each) for each in parts.parents}:
            yield f"'{above.pop()}' is a file, so there is no '{name}'"


def _text(path: Path) -> str:
    """The path as a text; a byte that is not UTF-8 becomes `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
