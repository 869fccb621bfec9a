"""What the operating system refused, said in words of this connector."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

from connector_sdk import DocumentError
from connectors.disk.names import Parts, as_text

FULL = ("NoSpace", "the disk, the quota or the largest file size allowed is used up; free space and run again")
DENIED = ("PermissionDenied", "the user who runs this may not; change the permissions of the file or of its folder")

REASONS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        errno.ENOENT: ("FileNotFound", "there is no such file or folder"),
        errno.EEXIST: ("FileExists", "a file has this name; `if_exists: unique` or `overwrite` would work"),
        errno.EISDIR: ("NotAFile", "it is a folder; name a file in it"),
        errno.ENOTDIR: ("NotAFolder", "a part of the path is not a folder"),
        errno.ELOOP: ("PathOutsideFolder", "it is a link that leads round in circles or changed meanwhile"),
        errno.ENAMETOOLONG: ("NameTooLong", "the name is too long for this disk; 255 bytes in a part always work"),
        errno.EXDEV: ("OtherDisk", "the target lies on another disk; get, create and delete would work"),
        errno.EROFS: ("PermissionDenied", "the disk is read-only; mount it for writing"),
        errno.EACCES: DENIED,
        errno.EPERM: DENIED,
        errno.ENOSPC: FULL,
        errno.EDQUOT: FULL,
        errno.EFBIG: FULL,
    }
)


class explained:  # noqa: N801  # used as the context manager that it is, around all that is done with a file
    """Turns an OSError about `parts` of the base folder `place` into a DocumentError with a stable code."""

    __slots__ = ("_parts", "_place")

    def __init__(self, parts: Parts, place: str) -> None:
        self._parts = parts
        self._place = place

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            code, reason = REASONS.get(error.errno or 0, ("DiskError", error.strerror or str(error)))
            raise DocumentError(f"{as_text(self._parts)!r} in {self._place}: {reason}", code) from error


def not_a_file(parts: Parts, kind: str) -> DocumentError:
    """Something other than a regular file has the name that was asked for."""
    return DocumentError(f"{as_text(parts)!r} is {kind}; name a regular file", "NotAFile")
