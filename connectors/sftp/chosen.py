"""Which file a document is about."""

from __future__ import annotations

from collections.abc import Hashable

from connector_sdk import DocumentError, Input, Request
from connectors.sftp.errors import not_a_file
from connectors.sftp.facts import Facts
from connectors.sftp.names import Parts, as_parts, as_text
from connectors.sftp.tree import Tree

ID = Input("id", "The path of the file, from the connection's folder; without it, sftp.folder and sftp.file_name.")


def chosen(request: Request) -> Parts:
    """The parameter `id`, else sftp.file_name in sftp.folder; DocumentError if there is neither."""
    if path := request.inputs.get("id"):
        return as_parts(path)
    parts = named(request, ())
    if parts is None:
        raise DocumentError("no file is named; fill the parameter id, or set sftp.file_name", "NoFileName")
    return parts


def named(request: Request, default: Parts) -> Parts | None:
    """sftp.file_name in sftp.folder (in the folder `default` where that is not set), or None without a name."""
    name = request.tracked("file_name")
    return None if name is None else (*folder(request, default), *as_parts(name))


def folder(request: Request, default: Parts) -> Parts:
    """sftp.folder, or `default` where it is not set."""
    path = request.tracked("folder")
    return default if path is None else as_parts(path)


def existing(tree: Tree, wanted: Parts) -> tuple[Parts, Facts]:
    """The resolved parts of a file or link that is there; DocumentError for a folder and for what is missing."""
    parts, facts = tree.entry(wanted)
    if facts is None:
        raise tree.missing(wanted)
    if facts.kind not in ("file", "link", "unknown"):
        raise not_a_file(wanted, f"a {facts.kind}")
    return parts, facts


def lane(parts: Parts | None) -> Hashable:
    """Documents for one file share a lane; a document without a name has none."""
    return None if parts is None else as_text(parts)
