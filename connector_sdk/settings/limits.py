"""Limits: how large a number, how long a text or a list may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from connector_sdk.settings.errors import refused


class Limit(NamedTuple):
    """What a limit is called in JSON Schema, what keeps it, and what a value beyond it must do."""

    keyword: str
    is_kept: Callable[[Any, Any], bool]
    told: str


NUMBERS: Mapping[str, Limit] = {
    "ge": Limit("minimum", lambda value, limit: value >= limit, "be at least {}"),
    "gt": Limit("exclusiveMinimum", lambda value, limit: value > limit, "be more than {}"),
    "le": Limit("maximum", lambda value, limit: value <= limit, "be at most {}"),
    "lt": Limit("exclusiveMaximum", lambda value, limit: value < limit, "be less than {}"),
}


def _lengths(keyword: str, unit: str) -> dict[str, Limit]:
    """The limits of something that has a length: how JSON Schema calls what is counted, and people do."""
    return {
        "min_length": Limit(f"min{keyword}", lambda value, limit: len(value) >= limit, f"have at least {{}} {unit}"),
        "max_length": Limit(f"max{keyword}", lambda value, limit: len(value) <= limit, f"have at most {{}} {unit}"),
    }


def matches(text: str, pattern: str) -> bool:
    """Whether a pattern is found in a text; `$` at its end is the end of the text, and not the line end before it."""
    end = pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
    return re.search(end, text) is not None


PATTERN = Limit("pattern", matches, "match {}")
TEXTS: Mapping[str, Limit] = {**_lengths("Length", "characters"), "pattern": PATTERN}
LISTS: Mapping[str, Limit] = _lengths("Items", "items")
MAPPINGS: Mapping[str, Limit] = _lengths("Properties", "entries")


class Limits:
    """The limits of one form; TypeError for those it cannot have."""

    def __init__(self, known: Mapping[str, Limit], written: Mapping[str, Any]) -> None:
        if wrong := written.keys() - known.keys():
            raise TypeError(f"{', '.join(sorted(wrong))}: the limits here are {', '.join(known) or 'none'}")
        self._kept = [(known[name], limit) for name, limit in written.items() if limit is not None]
        for limit, most in self._kept:
            if not isinstance(most, str if limit is PATTERN else int | float):
                raise TypeError(f"{most!r} is no limit")
            if isinstance(most, str):
                re.compile(most)

    def schema(self) -> dict[str, Any]:
        """The keywords of JSON Schema."""
        return {limit.keyword: value for limit, value in self._kept}

    def checked(self, value: Any) -> Any:
        """The value, where it keeps them all."""
        for limit, most in self._kept:
            if not limit.is_kept(value, most):
                raise refused(f"the value must {limit.told.format(most)}")
        return value
