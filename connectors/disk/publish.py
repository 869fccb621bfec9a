"""Giving a finished file its name, so that two who write at once never destroy each other's work."""

from __future__ import annotations

import errno
import itertools
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

TEMPORARY = ".disk-part-"
"""How the names begin of files that are still being written."""
MOVING = ".disk-move-"
"""How the names begin of files that are being moved; the name they had follows, as far as there is room."""
HIDDEN = (TEMPORARY, MOVING)
LONGEST = 255
"""Bytes of a name."""
UNLINKABLE = frozenset({errno.EPERM, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""Why a file gets no second name: its disk has no links, or it is another user's and the system protects those."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in an open folder."""

    folder: int
    name: str

    def exists(self) -> bool:
        """Whether something, be it a dangling link, has the name."""
        try:
            os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def numbered(self, number: int) -> Entry:
        """The name with a number before its extension: `order-2.json`."""
        stem, extension = os.path.splitext(self.name)
        return Entry(self.folder, f"{stem}-{number}{extension}")

    def unlink(self) -> None:
        """Remove the name if it is still there."""
        with suppress(FileNotFoundError):
            os.unlink(self.name, dir_fd=self.folder)


def publish(source: Entry, target: Entry, if_exists: str) -> Entry:
    """Rename `source`; the name it got. FileExistsError if `if_exists` is `fail` and the target is there."""
    if if_exists == "overwrite":
        os.rename(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder)
        return target
    for candidate in _free(target) if if_exists == "unique" else (target,):
        try:
            _rename_to_free(source, candidate)
        except FileExistsError:
            if if_exists == "fail":
                raise
            continue
        return candidate
    raise AssertionError("candidates never end")


def move(source: Entry, target: Entry, if_exists: str) -> Entry:
    """The same for a file that others may move as well: one of them gets it, FileNotFoundError for the rest."""
    if if_exists == "overwrite":
        return publish(source, target, if_exists)
    if if_exists == "fail" and target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    with claimed(source) as own:
        return publish(own, target, if_exists)


@contextmanager
def claimed(source: Entry) -> Iterator[Entry]:
    """A file under a name that nobody else knows; it gets its own back if the block fails."""
    own = Entry(source.folder, _taken(source.name))
    os.rename(source.name, own.name, src_dir_fd=source.folder, dst_dir_fd=source.folder)
    try:
        yield own
    except BaseException:
        _put_back(own, source)
        raise


def temporary(folder: int) -> Entry:
    """A name for a file that is not to be found yet."""
    return Entry(folder, f"{TEMPORARY}{secrets.token_hex(8)}")


def _taken(name: str) -> str:
    taken = os.fsencode(f"{MOVING}{secrets.token_hex(4)}-{name}")
    return os.fsdecode(taken[:LONGEST])


def _put_back(own: Entry, source: Entry) -> None:
    try:
        publish(own, source, "unique")
    except FileNotFoundError:
        return  # it has its new name already
    except OSError:
        # a folder in which nothing new can be made any more
        os.rename(own.name, source.name, src_dir_fd=own.folder, dst_dir_fd=source.folder)


def _rename_to_free(source: Entry, target: Entry) -> None:
    # unlike a rename, a link is refused where the name is taken, in one step that nobody can come between
    try:
        os.link(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in UNLINKABLE:
            raise
        _rename_over_empty(source, target)
    else:
        source.unlink()


def _rename_over_empty(source: Entry, target: Entry) -> None:
    # an empty file takes the name, as nobody else can then, for the moment until the rename
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    os.close(os.open(target.name, flags, 0o600, dir_fd=target.folder))
    try:
        os.rename(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder)
    except BaseException:
        target.unlink()
        raise


def _free(target: Entry) -> Iterator[Entry]:
    if not target.exists():
        yield target
    yield from (target.numbered(number) for number in itertools.count(_first_free(target)))


def _first_free(target: Entry) -> int:
    """A free number found in few looks, however many are taken."""
    above = 1
    while target.numbered(above).exists():
        above *= 2
    below = above // 2
    while above - below > 1:
        middle = (above + below) // 2
        if target.numbered(middle).exists():
            below = middle
        else:
            above = middle
    return above
