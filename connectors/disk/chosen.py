"""Which file a document is about."""

from __future__ import annotations

from collections.abc import Hashable

from connector_sdk import DocumentError, Input, Request
from connectors.disk.errors import not_a_file
from connectors.disk.folder import Folder, kind
from connectors.disk.names import Parts, as_parts, as_text

ID = Input("id", "The path of the file, from the connection's folder; without it, disk.folder and disk.file_name.")


def chosen(request: Request) -> Parts:
    """The parameter `id`, else disk.file_name in disk.folder; DocumentError if there is neither."""
    if path := request.inputs.get("id"):
        return as_parts(path)
    parts = named(request, ())
    if parts is None:
        raise DocumentError("no file is named; fill the parameter id, or set disk.file_name", "NoFileName")
    return parts


def named(request: Request, default: Parts) -> Parts | None:
    """disk.file_name in disk.folder (in the folder `default` where that is not set), or None without a name."""
    name = request.tracked("file_name")
    return None if name is None else (*folder(request, default), *as_parts(name))


def folder(request: Request, default: Parts) -> Parts:
    """disk.folder, or `default` where it is not set."""
    path = request.tracked("folder")
    return default if path is None else as_parts(path)


def existing(client: Folder, wanted: Parts) -> Parts:
    """The resolved parts of a file or link that is there; DocumentError for a folder and for what is missing."""
    parts = client.entry(wanted)
    try:
        with client.explained(wanted):
            found = kind(client.facts(parts).st_mode)
    except DocumentError as error:
        raise client.missing(wanted) if error.code == "FileNotFound" else error from error
    if found not in ("file", "link"):
        raise not_a_file(wanted, f"a {found}")
    return parts


def lane(parts: Parts | None) -> Hashable:
    """Documents for one file share a lane; a document without a name has none."""
    return None if parts is None else as_text(parts)
