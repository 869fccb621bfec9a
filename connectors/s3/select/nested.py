"""Paths into values of JSON and of nested Parquet columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.tree import Index, Name, Step, Wildcard
from connectors.s3.select.values import MISSING


def reader(steps: Sequence[Step]) -> Callable[[Any], Any]:
    """What finds the value at the end of `steps`; with wildcards, the list of all values."""
    if any(isinstance(step, Wildcard) for step in steps):
        return lambda value: [each for each in expand(value, steps) if each is not MISSING]
    readers = [_step(step) for step in steps]

    def read(value: Any) -> Any:
        for step in readers:
            value = step(value)
        return value

    return read


def expand(value: Any, steps: Sequence[Step]) -> Iterator[Any]:
    """Every value that `steps` lead to; a wildcard that matches nothing gives one MISSING."""
    for position, step in enumerate(steps):
        if isinstance(step, Wildcard):
            members = _members(value, step)
            if not members:
                yield MISSING
            for member in members:
                yield from expand(member, steps[position + 1 :])
            return
        value = _step(step)(value)
    yield value


def _members(value: Any, step: Wildcard) -> list[Any]:
    if step.of == "array":
        return value if type(value) is list else []
    return list(value.values()) if type(value) is dict else []


def _step(step: Step) -> Callable[[Any], Any]:
    if isinstance(step, Index):
        number = step.number
        return lambda value: value[number] if type(value) is list and len(value) > number else MISSING
    if isinstance(step, Wildcard):
        raise TypeError("a wildcard leads to many values")
    return _member(step)


def _member(name: Name) -> Callable[[Any], Any]:
    if name.quoted:
        return lambda value: value.get(name.text, MISSING) if type(value) is dict else MISSING
    small = name.text.lower()

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return MISSING
        found = [key for key in value if key.lower() == small]
        if len(found) > 1:
            raise ambiguous(name)
        return value[found[0]] if found else MISSING

    return read


def ambiguous(name: Name) -> Fault:
    """The fault of a name without quotes that several fields have."""
    return Fault(
        "AmbiguousFieldName", f'several fields are called {name.text}; write the one you mean in quotes, "..."'
    )
