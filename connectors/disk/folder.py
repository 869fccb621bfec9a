"""The base folder, held open: the one place where names become files."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from connector_sdk import DocumentError, Runtime
from connectors.disk.errors import explained, not_a_file
from connectors.disk.names import Parts, as_text

OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NEIGHBOURS = 1000
CLOSED = -1


class Folder:
    """The client of a connection; safe for threads.

    Links are followed by `resolved`, which refuses those that lead out. What it gives is then opened part by part
    without following any link, so that a link put there in between is an error and not a way out.
    """

    def __init__(self, base: Path, runtime: Runtime) -> None:
        self.base = base.resolve(strict=True)
        self.place = as_text((str(self.base),))
        self._inside = os.path.join(self.base, "")
        """How the paths of all its files begin."""
        self.runtime = runtime
        self._root = os.open(self.base, OPEN_FOLDER)

    def close(self) -> None:
        """Give back the descriptor of the base folder; a second time does nothing."""
        descriptor, self._root = self._root, CLOSED
        if descriptor != CLOSED:
            os.close(descriptor)

    def path(self, parts: Parts) -> str:
        """The path of the entry at resolved `parts`, for those who open it by that."""
        return self._inside + os.sep.join(parts)

    def resolved(self, parts: Parts) -> Parts:
        """`parts` with all links followed; DocumentError if they lead out of the base folder."""
        return self._followed(parts) if self._has_link(parts) else parts

    def _has_link(self, parts: Parts) -> bool:
        """Whether one of them is a link; below one that cannot be looked at, nothing can be opened either."""
        path = ""
        for part in parts:
            path = f"{path}/{part}" if path else part
            try:
                mode = os.lstat(path, dir_fd=self._root).st_mode
            except OSError:
                return False
            if stat.S_ISLNK(mode):
                return True
        return False

    def _followed(self, parts: Parts) -> Parts:
        real = os.path.realpath(self.path(parts))
        if not f"{real}{os.sep}".startswith(self._inside):
            raise DocumentError(
                f"{as_text(parts)!r} is a link out of the connection's folder; copy the file into it, "
                "or connect to the folder that holds it",
                "PathOutsideFolder",
            )
        return tuple(real[len(self._inside) :].split(os.sep)) if len(real) > len(self._inside) else ()

    def entry(self, parts: Parts) -> Parts:
        """`parts` with the links of its folders followed, but not the last part: the name itself, link or file."""
        if not parts:
            raise not_a_file(parts, "the connection's folder itself")
        return (*self.resolved(parts[:-1]), parts[-1])

    def opened(self, parts: Parts, create: bool = False) -> AbstractContextManager[int]:
        """A descriptor of the sub-folder at resolved `parts`; `create` makes the folders that are missing."""
        return _Deeper(self._root, parts, create) if parts else nullcontext(self._root)

    def facts(self, parts: Parts) -> os.stat_result:
        """Size, time and kind of the entry at resolved `parts`, a link being a link."""
        with self.opened(parts[:-1]) as parent:
            return os.stat(parts[-1] if parts else ".", dir_fd=parent, follow_symlinks=False)

    def names(self, parts: Parts) -> list[str]:
        """The sorted names in a folder; those of sub-folders end in `/`, so that sorting them sorts whole paths."""
        with self.entries(parts) as entries:
            return sorted(each.name + "/" * each.is_dir(follow_symlinks=False) for each in entries)

    @contextmanager
    def entries(self, parts: Parts) -> Iterator[Iterator[os.DirEntry[str]]]:
        """The entries of a folder, opened for this listing: two of one descriptor would share the place they read."""
        with self.opened(parts) as parent:
            descriptor = os.open(".", OPEN_FOLDER, dir_fd=parent)
        try:
            with os.scandir(descriptor) as entries:
                yield entries
        finally:
            os.close(descriptor)

    def missing(self, parts: Parts) -> DocumentError:
        """The error for a file that is not there, with the nearest name that is."""
        from difflib import get_close_matches

        nearest: list[str] = []
        with suppress(OSError), self.entries(self.resolved(parts[:-1])) as entries:
            neighbours = [each.name for each in itertools.islice(entries, NEIGHBOURS)]
            nearest = get_close_matches(parts[-1], neighbours, 1)
        guess = f"; did you mean {as_text((*parts[:-1], nearest[0]))!r}?" if nearest else ""
        return DocumentError(f"{as_text(parts)!r}: no such file in {self.place}{guess}", "FileNotFound")

    def explained(self, parts: Parts) -> AbstractContextManager[None]:
        """Turn an OSError about `parts` into a DocumentError with a stable code."""
        return explained(parts, self.place)


class _Deeper:
    """A sub-folder while it is open; the folders on the way to it are not."""

    __slots__ = ("_create", "_opened", "_parts", "_root")

    def __init__(self, root: int, parts: Parts, create: bool) -> None:
        self._root = self._opened = root
        self._parts = parts
        self._create = create

    def __enter__(self) -> int:
        try:
            for name in self._parts:
                deeper = _open_sub_folder(name, self._opened, self._create)
                self._close()
                self._opened = deeper
        except BaseException:
            self._close()
            raise
        return self._opened

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._opened != self._root:
            os.close(self._opened)


def _open_sub_folder(name: str, parent: int, create: bool) -> int:
    try:
        return os.open(name, OPEN_FOLDER, dir_fd=parent)
    except FileNotFoundError:
        if not create:
            raise
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=parent)
    return os.open(name, OPEN_FOLDER, dir_fd=parent)


def kind(mode: int) -> str:
    """What an entry with this mode is: file, folder, link, or a device (pipes and sockets among them)."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "device"
