"""What expressions say about themselves: where they are in settings, and what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector_sdk import Settings
from connector_sdk.settings import fields
from process_runner.expressions.references import named
from process_runner.expressions.template import Template


def templates(value: Any) -> Iterator[Template]:
    """Every template in a value: in settings, lists and mappings, but not in the steps of nested paths."""
    if isinstance(value, Template):
        yield value
    elif isinstance(value, Settings):
        for name in fields(value):
            yield from templates(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from templates(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from templates(each)


def reads(source: Any, view: str) -> set[str | None]:
    """The names that an expression reads from a view, such as the NAMEs of `process.NAME`.

    None stands for those that only a run can tell: `process[document.text]`, or the view as a whole.
    """
    if Template(source).constant:
        return set()
    if (known := named(source)) is not None:
        return {names[1] for names in known if names[0] == view}
    from process_runner.expressions import jinja

    return jinja.reads(source, view)


def names_read(source: Any, view: str) -> set[str]:
    """The same, without what only a run can tell."""
    return {name for name in reads(source, view) if name is not None}
