"""The files below the base folder, as one session sees them: the one place where names become paths of the server."""

from __future__ import annotations

import difflib
import posixpath
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from connector_sdk import DocumentError, ProcessError
from connectors.sftp.errors import Refused, explained, not_a_file, outside
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts, as_bytes, as_name, as_text

if TYPE_CHECKING:
    from connectors.sftp.ssh.session import Session

NEIGHBOURS = 1000
NO_FOLDER = "NoFolder"
TEMPORARY = ".sftp-part-"
"""How the names begin of files that are still being written."""


class Tree:
    """Links are followed by the server, and what leads out of the base folder is refused.

    The protocol cannot open a file relative to a folder that is held open, as a disk can: who may make links on the
    server can swap one in between the look and the use. Only the server can prevent that, with a chroot.
    """

    def __init__(self, session: Session, base: bytes, place: str) -> None:
        self.session = session
        self.base = base
        self.place = place

    @classmethod
    def at(cls, session: Session, folder: str, create: bool, place: str) -> Tree:
        """The files below a folder, relative to where the account lands; ProcessError if it cannot be used."""
        path = as_bytes(folder)
        try:
            if create:
                _make_folders(session, path)
            look = session.look(session.real(path))[0]
        except Refused as refused:
            raise ProcessError(f"the folder {place} cannot be used: {refused}", NO_FOLDER) from refused
        if look.real is None or look.facts is None or look.facts.kind not in ("folder", "unknown"):
            kind = "does not exist" if look.facts is None else f"is a {look.facts.kind}"
            hint = "" if look.facts else "; make it, or set create_folder: true"
            raise ProcessError(f"the folder {place} {kind}{hint}", NO_FOLDER)
        return cls(session, look.real.rstrip(b"/"), place)

    def path(self, parts: Parts) -> bytes:
        """What the server calls the entry at `parts`."""
        return b"/".join((self.base, *map(as_bytes, parts))) or b"/"

    def explained(self, parts: Parts) -> AbstractContextManager[None]:
        """Turn a refusal about `parts` into an ApplicationError with a stable code."""
        return explained(parts, self.place)

    def resolved(self, parts: Parts) -> Parts:
        """`parts` with all links followed; DocumentError if they lead out of the base folder."""
        with self.explained(parts):
            (look,) = self.session.look(self.path(parts))
            if look.real is None:
                raise self._nowhere(parts, look.facts)
            return self._inside(parts, look.real)

    def entry(self, parts: Parts) -> tuple[Parts, Facts | None]:
        """`parts` with the links of its folders followed, but not the last part, and what is there."""
        if not parts:
            raise not_a_file(parts, "the connection's folder itself")
        with self.explained(parts):
            folder, own = self.session.look(self.path(parts[:-1]), self.path(parts))
        if folder.real is None:
            return parts, None
        return (*self._inside(parts[:-1], folder.real), parts[-1]), own.facts

    def file(self, parts: Parts) -> tuple[Parts, Facts]:
        """`parts` with all links followed, and the facts of the regular file there; DocumentError if there is none."""
        if not parts:
            raise not_a_file(parts, "the connection's folder itself")
        with self.explained(parts):
            (look,) = self.session.look(self.path(parts))
            if look.real is None or look.facts is None:
                raise self._nowhere(parts, look.facts)
            resolved, facts = self._inside(parts, look.real), look.facts
            if facts.kind == "link":
                facts = self.facts(resolved)
        if facts.kind not in ("file", "unknown"):
            raise not_a_file(parts, f"a {facts.kind}")
        return resolved, facts

    def facts(self, parts: Parts) -> Facts:
        """Size, time and kind of the entry at resolved `parts`, a link being a link; raises Refused."""
        return self.session.facts(self.path(parts))

    def there(self, parts: Parts) -> Facts | None:
        """The same, or None where there is nothing."""
        try:
            return self.facts(parts)
        except Refused as refused:
            if refused.missing:
                return None
            raise

    def names(self, parts: Parts) -> list[tuple[str, Facts]]:
        """What a folder holds, by name, each sub-folder as if its name ended in `/`, so that whole paths are sorted."""
        try:
            held = self.session.names(self.path(parts))
        except Refused as refused:
            # the protocol has no word for what is there, but no folder
            if refused.missing and (found := self.there(parts)) is not None:
                _check_folder(parts, found)
            raise
        names = [(as_name(name), facts) for name, facts in held]
        return sorted(names, key=lambda each: each[0] + "/" * (each[1].kind == "folder"))

    def made(self, parts: Parts) -> Parts:
        """A folder with all links followed; it and those above it are made where they are missing."""
        with self.explained(parts):
            (look,) = self.session.look(self.path(parts))
        if look.real is not None and look.facts is not None:
            _check_folder(parts, look.facts)
            return self._inside(parts, look.real)
        resolved: Parts = ()
        for name in parts:
            with self.explained((*resolved, name)):
                resolved = self._entered((*resolved, name))
        return resolved

    def missing(self, parts: Parts) -> DocumentError:
        """The error for a file that is not there, with the nearest name that is."""
        nearest: list[str] = []
        with suppress(Refused, DocumentError):
            neighbours = [name for name, _ in self.names(self.resolved(parts[:-1]))[:NEIGHBOURS]]
            nearest = difflib.get_close_matches(parts[-1], neighbours, 1)
        guess = f"; did you mean {as_text((*parts[:-1], nearest[0]))!r}?" if nearest else ""
        return DocumentError(f"{as_text(parts)!r}: no such file in {self.place}{guess}", "FileNotFound")

    def _nowhere(self, parts: Parts, facts: Facts | None) -> DocumentError:
        circles = facts is not None and facts.kind == "link"
        return not_a_file(parts, "a link that leads round in circles") if circles else self.missing(parts)

    def _entered(self, parts: Parts) -> Parts:
        found = self.there(parts)
        if found is not None and found.kind == "link":
            return self.resolved(parts)
        if found is None:
            found = self._new_folder(parts)
        _check_folder(parts, found)
        return parts

    def _new_folder(self, parts: Parts) -> Facts:
        try:
            self.session.make_folder(self.path(parts))
        except Refused:
            # another may have made it at the same time
            if (found := self.there(parts)) is None:
                raise
            return found
        return self.facts(parts)

    def _inside(self, parts: Parts, real: bytes) -> Parts:
        if real != self.base and not real.startswith(self.base + b"/"):
            raise outside(parts)
        return tuple(filter(None, as_name(real[len(self.base) :]).split("/")))


def _check_folder(parts: Parts, facts: Facts) -> None:
    if facts.kind in ("file", "device"):
        raise DocumentError(f"{as_text(parts)!r} is a {facts.kind} and no folder; name another", "NotAFolder")


def _make_folders(session: Session, path: bytes) -> None:
    for above in (*reversed(_above(path)), path):
        if session.look(above)[0].facts is None:
            session.make_folder(above)


def _above(path: bytes) -> list[bytes]:
    found = []
    while (path := posixpath.dirname(path)) not in (b"", b"/"):
        found.append(path)
    return found
