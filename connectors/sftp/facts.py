"""What a server says of a file."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["file", "folder", "link", "device", "unknown"]


@dataclass(frozen=True, slots=True)
class Facts:
    """`modified` is in whole seconds since 1970; `mode` are the permission bits, None where the server is silent."""

    kind: Kind
    size: int
    modified: int
    mode: int | None = None

    @classmethod
    def of(cls, size: int | None, modified: int | None, mode: int | None) -> Facts:
        """Facts from the numbers of the protocol, of which a server may leave out any."""
        permissions = None if mode is None else stat.S_IMODE(mode)
        return cls(_kind(mode), size or 0, modified or 0, permissions)


def _kind(mode: int | None) -> Kind:
    if not mode or not stat.S_IFMT(mode):
        return "unknown"
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "device"
