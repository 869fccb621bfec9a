"""Writing the bytes of a document: beside the target and then renamed, or locked at its end."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from connector_sdk import DocumentError, Payload, Runtime
from connector_sdk.payload import written_into
from connectors.disk.publish import Entry, publish, temporary

CHUNK = 1 << 20
SHARE = 16 << 20
LOCK_PAUSE = 0.02
FLAGS = os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC


def write(payload: Payload, target: Entry, if_exists: str, runtime: Runtime) -> tuple[Entry, os.stat_result]:
    """Make the file whole or not at all; the name it got and its facts."""
    if if_exists != "append":
        return _made(payload, target, if_exists, runtime)
    while True:
        with suppress(FileNotFoundError), _locked(target, runtime) as descriptor:
            return target, _append(payload, descriptor, runtime)
        # a new file also appears whole; who comes second appends to it
        with suppress(FileExistsError):
            return _made(payload, target, "fail", runtime)


def _made(payload: Payload, target: Entry, if_exists: str, runtime: Runtime) -> tuple[Entry, os.stat_result]:
    """A new file, under a name of its own until it is whole."""
    part = temporary(target.folder)
    descriptor = os.open(part.name, FLAGS | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=target.folder)
    try:
        try:
            _keep_mode(target, descriptor)
            _copy(payload, descriptor, runtime, is_new=True)
            facts = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        return publish(part, target, if_exists), facts
    except BaseException:
        part.unlink()
        raise


def _keep_mode(target: Entry, descriptor: int) -> None:
    # what replaces a private file stays private
    with suppress(FileNotFoundError):
        mode = os.stat(target.name, dir_fd=target.folder, follow_symlinks=False).st_mode
        if stat.S_ISREG(mode):
            os.fchmod(descriptor, stat.S_IMODE(mode))


@contextmanager
def _locked(target: Entry, runtime: Runtime) -> Iterator[int]:
    descriptor = os.open(target.name, FLAGS | os.O_APPEND | os.O_NONBLOCK, dir_fd=target.folder)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DocumentError(f"{target.name!r} is a device; name a regular file", "NotAFile")
        while not _lock(descriptor):
            runtime.wait(LOCK_PAUSE)
        if not _still_named(target, descriptor):
            raise FileNotFoundError
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_named(target: Entry, descriptor: int) -> bool:
    # while this one waited for the lock, another may have put a new file in its place
    named = os.stat(target.name, dir_fd=target.folder, follow_symlinks=False)
    return os.path.samestat(named, os.fstat(descriptor))


def _append(payload: Payload, descriptor: int, runtime: Runtime) -> os.stat_result:
    before = os.fstat(descriptor).st_size
    try:
        _copy(payload, descriptor, runtime, is_new=False)
    except BaseException:
        # also when cancelled: no half document stays at the end
        os.ftruncate(descriptor, before)
        raise
    return os.fstat(descriptor)


def _copy(payload: Payload, descriptor: int, runtime: Runtime, *, is_new: bool) -> None:
    if payload.in_memory:
        runtime.check()
        _put(descriptor, memoryview(payload.read()))
        return
    with payload.open() as source:
        if not (is_new and written_into(source, descriptor)):
            _copy_stream(source, payload.size, descriptor, runtime)


def _copy_stream(source: BinaryIO, size: int, descriptor: int, runtime: Runtime) -> None:
    left = size - _copied_by_system(source, descriptor, size, runtime)
    buffer = memoryview(bytearray(min(CHUNK, left)))
    # never past the size at the start: a file may be appended to itself
    while left and (count := source.readinto(buffer[:left])):  # type: ignore[attr-defined]  # BinaryIO is not told
        runtime.check()
        left -= count
        _put(descriptor, buffer[:count])
    if left:
        raise DocumentError("the document's file became shorter while it was copied; run again", "FileChanged")


def _put(descriptor: int, rest: memoryview) -> None:
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copied_by_system(source: BinaryIO, descriptor: int, size: int, runtime: Runtime) -> int:
    """How many bytes the system could copy by itself, which some disks do without reading them."""
    copied = 0
    with suppress(OSError):  # other disks, a place in memory, an end to append to
        while copied < size and (count := os.copy_file_range(source.fileno(), descriptor, min(SHARE, size - copied))):
            runtime.check()
            copied += count
    return copied
