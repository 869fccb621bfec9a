"""Giving a file its name, so that two who write at once never destroy each other's work."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

from connectors.sftp.errors import FAILURE, FILE_EXISTS, PERMISSION_DENIED, UNSUPPORTED, Refused, Taken, not_a_file
from connectors.sftp.names import Parts, numbered
from connectors.sftp.tree import TEMPORARY, Tree

MOST = 256
"""Names that are looked for at once."""


def temporary(folder: Parts) -> Parts:
    """A name for a file that is not to be found yet."""
    return (*folder, f"{TEMPORARY}{secrets.token_hex(8)}")


def replace(tree: Tree, source: Parts, target: Parts) -> None:
    """Rename over a file that may be there: in one step where the server can, else with the old one put aside."""
    there = tree.there(target)
    if there is not None and there.kind == "folder":
        raise not_a_file(target, "a folder")
    try:
        tree.session.replace(tree.path(source), tree.path(target))
    except Refused as refused:
        if refused.number != UNSUPPORTED:
            raise
        if there is None:
            rename(tree, source, target)
        else:
            _replace_in_steps(tree, source, target)


def rename(tree: Tree, source: Parts, target: Parts) -> None:
    """Rename; Taken if something has the name. The protocol has the server refuse that, in one step."""
    if tree.there(target) is not None:
        raise Taken
    try:
        tree.session.rename(tree.path(source), tree.path(target))
    except Refused as refused:
        raise _taken(tree, target, refused) from refused


def link(tree: Tree, source: Parts, target: Parts) -> None:
    """The same with a hard link, which every server refuses in one step; a rename where there are none."""
    try:
        tree.session.link(tree.path(source), tree.path(target))
    except Refused as refused:
        if (failure := _taken(tree, target, refused)) is not refused:
            raise failure from refused
        if refused.number not in (UNSUPPORTED, PERMISSION_DENIED, FAILURE):
            raise
        rename(tree, source, target)
    else:
        tree.session.remove(tree.path(source))


def first_free(tree: Tree, target: Parts, publish: Callable[[Parts], None]) -> Parts:
    """Publish under the name, or under the first numbered one that nobody has; which it was."""
    for candidate in _candidates(tree, target):
        try:
            publish(candidate)
        except Taken:
            continue
        return candidate
    raise AssertionError("candidates never end")


def _candidates(tree: Tree, target: Parts) -> Iterator[Parts]:
    yield target
    first, many = 1, 8
    while True:
        names = [(*target[:-1], numbered(target[-1], number)) for number in range(first, first + many)]
        looks = tree.session.look(*map(tree.path, names))
        yield from (name for name, look in zip(names, looks, strict=True) if look.facts is None)
        first, many = first + many, min(2 * many, MOST)


def _replace_in_steps(tree: Tree, source: Parts, target: Parts) -> None:
    aside = temporary(target[:-1])
    rename(tree, target, aside)
    try:
        rename(tree, source, target)
    except BaseException:
        rename(tree, aside, target)
        raise
    tree.session.remove(tree.path(aside))


def _taken(tree: Tree, target: Parts, refused: Refused) -> Exception:
    # version 3 of the protocol has no word for a name that is taken: it is a failure like others
    exists = refused.number == FILE_EXISTS or (not refused.missing and tree.there(target) is not None)
    return Taken() if exists else refused
