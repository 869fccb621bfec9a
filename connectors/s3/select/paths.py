"""Reads a path such as `s.projects[0].name`."""

from __future__ import annotations

from connectors.s3.select.cursor import Cursor
from connectors.s3.select.tree import Index, Name, Step, Wildcard

MAX_INDEX = 2**31


def read_name(cursor: Cursor) -> Name:
    """One name; a reserved word must stand in double quotes."""
    if not cursor.is_name():
        raise cursor.unexpected("a name", "ParseExpectedIdentForAlias")
    token = cursor.take()
    return Name(token.value, quoted=token.kind == "name")


def read_steps(cursor: Cursor) -> tuple[Step, ...]:
    """The steps that follow a name: `.name`, `.*`, `[0]`, `['name']`, `[*]`."""
    steps: list[Step] = []
    while cursor.at_symbol(".", "["):
        steps.append(_member(cursor) if cursor.accept_symbol(".") else _element(cursor))
    return tuple(steps)


def _member(cursor: Cursor) -> Step:
    return Wildcard("object") if cursor.accept_symbol("*") else read_name(cursor)


def _element(cursor: Cursor) -> Step:
    cursor.expect_symbol("[")
    step: Step
    if cursor.accept_symbol("*"):
        step = Wildcard("array")
    elif cursor.token.kind == "text":
        step = Name(cursor.take().value, quoted=True)
    elif cursor.token.kind == "integer" and len(cursor.token.value) <= len(str(MAX_INDEX)):
        step = Index(int(cursor.take().value))
    else:
        raise cursor.unexpected("an index from 0, a 'name' or *", "ParseInvalidPathComponent")
    cursor.expect_symbol("]")
    return step
