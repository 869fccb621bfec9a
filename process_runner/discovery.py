"""Entry points of installed packages, read from their own files.

importlib.metadata reads them too, and is asked where packages are found in another way than by folders. To import it,
with the mail parser that it needs for what nobody asks here, takes a command longer than to read all these files.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from typing import Any, NamedTuple

INFORMATION = (".dist-info", ".egg-info")


class EntryPoint(NamedTuple):
    """What a package offers to a group: a module or something in it, `value`, as `module:name`. It pickles."""

    name: str
    value: str
    group: str

    def load(self) -> Any:
        """The module, or what it names; whatever importing it raises."""
        module, _, names = self.value.partition("[")[0].partition(":")
        found: Any = importlib.import_module(module.strip())
        for name in names.strip().split(".") if names.strip() else ():
            found = getattr(found, name)
        return found


def entry_points(group: str) -> list[EntryPoint]:
    """Those of a group, of every package that Python's path leads to; of one that is there twice, of the first."""
    files: dict[str, str] = {}
    try:
        for folder in () if _has_own_finders() else dict.fromkeys(map(os.fspath, sys.path)):
            for project, path in _packages(folder):
                files.setdefault(project, path)
    except NotADirectoryError:  # an archive
        files = {}
    if files:
        return [each for path in files.values() for each in _written(path, group)]
    from importlib import metadata

    return [EntryPoint(each.name, each.value, each.group) for each in metadata.entry_points(group=group)]


def _has_own_finders() -> bool:
    return any(hasattr(finder, "find_distributions") for finder in sys.meta_path if finder is not PathFinder)


def _packages(folder: str) -> Iterator[tuple[str, str]]:
    """The names of the packages of a folder, and where each writes its entry points."""
    if folder.lower().endswith(".egg"):
        raise NotADirectoryError(folder)
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        raise
    except OSError:
        return
    for name in names:
        if name.lower().endswith(INFORMATION):
            yield _project(name), os.path.join(folder, name, "entry_points.txt")


def _project(name: str) -> str:
    """The name of a package, in the one spelling that stands for all, from that of its folder of information."""
    return re.sub(r"[-_.]+", "-", name.rpartition(".")[0].partition("-")[0]).lower()


def _written(path: str, group: str) -> Iterator[EntryPoint]:
    try:
        with open(path, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except OSError:  # most packages offer nothing
        return
    section = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]")
        elif section == group and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.strip(), group)
