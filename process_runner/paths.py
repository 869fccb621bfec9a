"""The paths inside a step, with what they are called."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connector_sdk import Settings
from connector_sdk.settings import fields
from process_runner.engine.step import Shape, Step
from process_runner.language.inlining import schema_of

ENDS = ("exception", "return_documents", "stop")
"""Shapes after which no document goes on."""
BLOCKS = ("branch", "decision", "route", "try_catch")
"""Shapes that hand every document to one of their paths."""


class NamedSteps(NamedTuple):
    """A path of a step: `then`, `catch`, the name of a branch."""

    name: str
    steps: tuple[Step, ...]


def paths_of(shape: Shape) -> Iterator[NamedSteps]:
    """The paths of a shape in the order in which they are written, empty ones too."""
    for name, alias in _holding_paths(type(shape)):
        if (value := getattr(shape, name)) is not None:
            yield from _inside(value, alias)


@functools.cache
def _holding_paths(kind: type[Shape]) -> tuple[tuple[str, str], ...]:
    """The settings that hold paths, as Python and as YAML write them."""
    schema = schema_of(kind)
    written = {name: field.key for name, field in fields(kind).items()}
    return tuple(
        (name, alias)
        for name, alias in written.items()
        if "x-steps" in str(_resolved(schema, schema["properties"][alias]))
    )


def _inside(value: Any, name: str) -> Iterator[NamedSteps]:
    if isinstance(value, Mapping):
        for key, steps in value.items():
            yield from _inside(steps, str(key))
    elif isinstance(value, Settings):
        named: Any = value  # a path with a name or a condition, which are of several classes
        yield NamedSteps(getattr(value, "name", None) or _condition(value) or name, named.steps)
    elif value and not any(isinstance(each, Step) for each in value):
        for number, each in enumerate(value, 1):
            yield from _inside(each, str(number))
    else:
        yield NamedSteps(name, value)


def _condition(path: Settings) -> str | None:
    """What a route without a name is known by: `equals 5`."""
    given = [name for name in fields(path) if name not in ("name", "steps") and getattr(path, name) is not None]
    return f"{given[0]} {getattr(path, given[0]).source}" if given else None


def _resolved(schema: dict[str, Any], part: Any) -> Any:
    if isinstance(part, list):
        return [_resolved(schema, each) for each in part]
    if not isinstance(part, dict):
        return part
    if name := str(part.get("$ref", "")).removeprefix("#/$defs/"):
        return _resolved(schema, schema["$defs"][name])
    return {key: _resolved(schema, value) for key, value in part.items()}
