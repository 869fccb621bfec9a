"""What test-connection proves of an SFTP connection."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from connector_sdk import Check, ProcessError
from connectors.sftp.errors import UNSUPPORTED, Broken, Refused
from connectors.sftp.protocol import NEW
from connectors.sftp.publish import temporary
from connectors.sftp.server import Server
from connectors.sftp.tree import NO_FOLDER, Tree


def checks(server: Server) -> Iterator[Check]:
    """From the network to what the server can do; people wait for it, so nothing is tried twice."""
    yield Check("network", partial(_answers, server), "check host and port, and the firewalls on the way")
    yield Check(
        "credentials",
        partial(_logged_in, server),
        "check host_keys, user, and what proves the user",
    )
    yield Check("permission", partial(_readable, server), "name a folder that can be read, or set create_folder")
    yield Check(
        "permission",
        partial(_writable, server),
        "let the account write there; query, get and list work without",
        needed=False,
    )
    for prove, remedy in (
        (_replaces, "readers may find no file for a moment while one is replaced; if_exists: unique avoids that"),
        (_links, "that two writers never take one name is up to the server's own renaming"),
    ):
        yield Check("capability", partial(prove, server), remedy, needed=False)


def _answers(server: Server) -> str:
    settings = server.settings
    where = f"{settings.host}:{settings.port}"
    try:
        with socket.create_connection((settings.host, settings.port), settings.connect_timeout) as line:
            greeting = _greeting(line)
    except OSError as error:
        raise ProcessError(f"{where} cannot be reached: {error}", "Unreachable") from error
    if not greeting:
        raise ProcessError(f"{where} answers, but not as an SSH server", "Unreachable")
    return f"{where} answers as {greeting.decode('ascii', 'replace')}"


def _greeting(line: socket.socket) -> bytes:
    """The line with the server's version; others may stand before it."""
    with line.makefile("rb") as lines:
        for text in iter(partial(lines.readline, 1024), b""):
            if text.startswith(b"SSH-"):
                return text.strip()
    return b""


def _logged_in(server: Server) -> str:
    settings = server.settings
    proven = f"{settings.user!r} logged in by {settings.methods}"
    try:
        with _once(server) as tree:
            trusted = "is one of host_keys" if settings.verify_host_key else "was not verified"
            return f"{proven}; the host key {tree.session.host_key} {trusted}"
    except ProcessError as error:
        if error.code != NO_FOLDER:
            raise
        return proven


def _readable(server: Server) -> str:
    with _once(server) as tree:
        return f"{_shown(tree)} is readable ({len(tree.names(()))} entries)"


def _writable(server: Server) -> str:
    with _once(server) as tree:
        path = tree.path(temporary(()))
        try:
            with tree.session.opened(path, NEW):
                pass
        except Refused as refused:
            raise ProcessError(
                f"{_shown(tree)} is not writable ({refused}): create, move and delete do not work", "NotWritable"
            ) from refused
        try:
            tree.session.remove(path)
        except Refused as refused:
            raise ProcessError(
                f"files can be made in {_shown(tree)}, but not removed ({refused}); {path!r} stays there", "NotWritable"
            ) from refused
        return f"files can be made in {_shown(tree)} and removed"


def _replaces(server: Server) -> str:
    with _once(server) as tree:
        _known(tree.session.replace, tree, "does not replace files in one step (posix-rename@openssh.com)")
    return "files are replaced in one step (posix-rename@openssh.com)"


def _links(server: Server) -> str:
    with _once(server) as tree:
        _known(tree.session.link, tree, "makes no hard links (hardlink@openssh.com)")
    return "of two writers one gets a name (hardlink@openssh.com)"


def _known(request: Callable[[bytes, bytes], None], tree: Tree, lack: str) -> None:
    """Ask for something impossible: a server that knows the request says that there is no such file."""
    try:
        request(tree.path(temporary(())), tree.path(temporary(())))
    except Refused as refused:
        if refused.number == UNSUPPORTED:
            raise ProcessError(f"the server {lack}", "NotSupported") from refused


@contextmanager
def _once(server: Server) -> Iterator[Tree]:
    try:
        with server.leased() as tree:
            yield tree
    except (Refused, Broken) as error:
        raise ProcessError(str(error), "Unreachable" if isinstance(error, Broken) else "Unreadable") from error


def _shown(tree: Tree) -> str:
    return (tree.base or b"/").decode("utf-8", "backslashreplace")
