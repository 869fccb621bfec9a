"""Columns: what everyday expressions give for many documents at once, several times faster than for one after another.

A column holds the text for each document, or is the one text that all of them have. Where it cannot be had that way,
as something is missing, no text or too large, OneByOne says so: then each document is asked for by itself, and the
expression tells what is wrong with which. So nothing but speed depends on what is recognised here, and nothing that has
an effect is.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING

from connector_sdk import Payload
from process_runner.expressions.references import Names, parted

if TYPE_CHECKING:
    from process_runner.engine.block import Block
    from process_runner.expressions.scope import Facts

Texts = list[str] | str
Found = list[str | None] | str | None
"""A column in which something may be missing."""
Look = Callable[["Sight"], Found]


class OneByOne(Exception):
    """The documents have to be looked at one by one."""


class Sight:
    """What expressions see of a block whose first document is in place `first` of its group, counted from 1.

    All its columns together may weigh up to `most` bytes.
    """

    def __init__(self, block: Block, first: int, facts: Facts, most: int) -> None:
        self.block = block
        self.most = most
        self._first = first
        self._facts = facts

    def taken(self, found: Found) -> Texts:
        """A column that nothing is missing in, and for which there is room."""
        texts = seen(found, self.most)
        self.most -= _length(texts, 1)
        return texts

    def of(self, names: Names) -> Found:
        """What a reference gives."""
        match names:
            case ("prop", name) if name not in self._facts.spaces:
                return self.block.properties.get(name)
            case ("prop", space, name) if space in self._facts.spaces:
                return self.block.tracked.get(f"{space}.{name}")
            case ("error", name):
                return self.block.tracked.get(f"error.{name}")
            case ("process", name):
                return self._facts.process_properties.get(name)
            case ("document", name):
                return self._of_document(name)
        raise OneByOne

    def _of_document(self, name: str) -> Found:
        block = self.block
        match name:
            case "text":
                return self._texts
            case "size":
                return list(map(str, block.sizes()))
            case "index":
                return list(map(str, range(self._first, self._first + len(block))))
            case "id":
                return list(block.names())
        raise OneByOne

    @cached_property
    def _texts(self) -> list[str | None]:
        contents = [each if isinstance(each, bytes) else _read(each) for each in self.block.contents]
        if any(each.startswith(BOM_UTF8) for each in contents):
            contents = [each.removeprefix(BOM_UTF8) for each in contents]
        return [each.decode() for each in contents]


def look(source: str) -> Look | None:
    """How to look at a block for a text with expressions in it; None where each document has to be asked."""
    parts = parted(source)
    if parts is None:
        from process_runner.expressions.trees import looks  # it takes Jinja, which most texts do without

        return looks(source)
    found = [each if isinstance(each, str) else reference(each) for each in parts]
    known = [each for each in found if each is not None]
    return joined(known) if len(known) == len(found) else None


def reference(names: Names) -> Look | None:
    """How to look for what a reference gives; None for what has no columns."""
    match names:
        case ("prop", _) | ("prop", _, _) | ("error", _) | ("process", _):
            return lambda sight: sight.of(names)
        case ("document", "text" | "size" | "index" | "id"):
            return lambda sight: sight.of(names)
    return None


def with_default(value: Look, other: Look) -> Look:
    """The filter `default` with one argument."""

    def found(sight: Sight) -> Found:
        column, instead = value(sight), other(sight)  # both, as in Jinja an error in either is one
        if column is None:
            return instead
        if isinstance(column, str) or None not in column:
            return column
        if isinstance(instead, list):
            return [other if each is None else each for each, other in zip(column, instead, strict=True)]
        return [instead if each is None else each for each in column]

    return found


def seen(found: Found, most: int) -> Texts:
    """A column of texts that nothing is missing in, and that weigh no more than `most`."""
    texts = [found] if isinstance(found, str) else found
    if texts is None or None in texts:
        raise OneByOne
    whole = "".join(texts)  # type: ignore[arg-type]  # none is None
    if len(whole) > most:
        raise OneByOne
    if not whole.isascii():
        whole.encode(errors="surrogateescape")  # names of files need not be UTF-8
    return found  # type: ignore[return-value]  # looked through above


def joined(parts: list[str | Look]) -> Look:
    """How to look for a text: texts, and what is found, put together."""
    looks = [each for each in parts if not isinstance(each, str)]
    if len(parts) == len(looks) == 1:
        return looks[0]
    form = "".join([each.replace("%", "%%") if isinstance(each, str) else "%s" for each in parts])
    around = sum(len(each) for each in parts if isinstance(each, str))

    def found(sight: Sight) -> Found:
        columns, count = [seen(each(sight), sight.most) for each in looks], len(sight.block)
        if sum([_length(each, count) for each in columns]) + around * count > sight.most:
            raise OneByOne
        if all(isinstance(each, str) for each in columns):
            return form % tuple(columns)
        rows = zip(*(repeat(each, count) if isinstance(each, str) else each for each in columns), strict=True)
        return [form % row for row in rows]

    return found


def _length(texts: Texts, count: int) -> int:
    return len(texts) * count if isinstance(texts, str) else sum(map(len, texts))


def _read(payload: Payload) -> bytes:
    if not payload.in_memory:
        raise OneByOne
    return payload.read()
