"""Migrations: settings that older files write are read as what they are called today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Migration(NamedTuple):
    """What to make of the setting `old` as it was written before version `since` of the plugin.

    `becomes(value)` gives today's settings for the written value, none for a setting that has no use any more; it
    raises ValueError, with a text for the author, for a value that has no like today. `told` says what to write now.
    Where `old` is still the name of a setting, values that become themselves are today's already.
    """

    old: str
    since: str
    told: str
    becomes: Callable[[Any], Mapping[str, Any]]


def renamed(old: str, new: str, since: str) -> Migration:
    """The migration of a setting that has another name today."""
    return Migration(old, since, f"write '{new}' instead", lambda value: {new: value})


def removed(old: str, since: str, reason: str) -> Migration:
    """The migration of a setting that has no use any more."""
    return Migration(old, since, f"leave it out: {reason}", lambda value: {})
