"""Step and Shape: the parts of the tree that the engine walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Protocol

from connector_sdk import Document, Parsed, Settings, setting
from connector_sdk.settings import fields
from process_runner.language.nodes import Path
from process_runner.language.place import Place

if TYPE_CHECKING:
    from process_runner.engine.block import Block
    from process_runner.engine.flow import Flow
    from process_runner.engine.group import DocumentGroup
    from process_runner.engine.leg import Leg
    from process_runner.expressions import Scope, Sight
    from process_runner.language.project import Project


class Simple(NamedTuple):
    """Makes of each document one document, or fails it, and does nothing else.

    `one` makes it of the scope's document; `many` makes the same of a whole block, or raises OneByOne.
    """

    one: Callable[[Scope], Document]
    many: Callable[[Sight], Block] | None = None


class InBlocks(Protocol):
    """Documents, as many at a time as are in memory together."""

    def blocks(self) -> Iterator[Iterable[Document]]: ...


Sorting = Callable[[InBlocks, "Flow"], "Iterable[Leg]"]
"""Gives the legs on which documents go."""


class Fault(NamedTuple):
    """What is wrong below a step's value; `at_key` where the key is at fault and not its value."""

    path: Path
    message: str
    at_key: bool = False

    def below(self, *keys: str | int) -> Fault:
        """The same, seen from further out."""
        return self._replace(path=(*keys, *self.path))


class Shape(Settings):
    """What a step does. A subclass in a module of `process_runner.shapes` adds one to the language.

    The module's name is the shape's name in YAML, the class's docstring its help, its settings what can be written.
    """

    whole: ClassVar[str | None] = None
    """The setting that the step's whole value stands for."""
    short: ClassVar[str | None] = None
    """The setting that a value stands for which is no mapping."""

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup | Iterable[Leg] | None:
        """Give the documents for the next step, or the legs on which they go; each is at its end before the next."""
        raise TypeError(f"{type(self).__name__} has no run()")

    def simple(self) -> Simple | None:
        """What makes of each document one document, or fails it, and has no other effect; None where it does more.

        A step that has it is not run: consecutive ones take documents along together, block by block.
        """
        return None

    def sorting(self) -> Sorting | None:
        """What `run` does, where it goes through its documents once and has no effect before it has seen the last.

        A step that has it takes documents directly from simple steps before it.
        """
        return None

    def faults(self, project: Project) -> Iterator[Fault]:
        """What is wrong that the JSON Schema cannot say; components that are wrong themselves are not in `project`."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Step:
    """A shape in its place; `label` is unique in its process."""

    shape: Shape
    kind: str
    label: str
    place: Place


def _build(value: Any, context: Any) -> tuple[Step, ...]:
    if not isinstance(value, list):
        raise ValueError("expected a list of steps")  # settings collect ValueError
    steps: tuple[Step, ...] = context.steps(value)
    return steps


Steps = Annotated[tuple[Step, ...], Parsed({"type": "array", "x-steps": True}, _build)]
"""A setting that is a path of steps."""


class NamedPath(Settings):
    """A path with a name."""

    name: str = setting("What the path is called, for readers.")
    steps: Steps = setting("Its steps, in order.")


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step of a path and of the paths inside it, in the order they are written."""
    for step in steps:
        yield step
        for name in fields(step.shape):
            yield from _inside(getattr(step.shape, name))


def _inside(value: Any) -> Iterator[Step]:
    if isinstance(value, Step):
        yield from walk((value,))
    elif isinstance(value, tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _inside(each)
    elif isinstance(value, Settings):
        for name in fields(value):
            yield from _inside(getattr(value, name))
