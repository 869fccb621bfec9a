"""What an expression means: frozen nodes, each with its offset in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """A step into an object by name; in double quotes the case of letters counts."""

    text: str
    quoted: bool = False

    def matches(self, name: str) -> bool:
        """Whether it means a field of this name."""
        return name == self.text if self.quoted else name.lower() == self.text.lower()


@dataclass(frozen=True, slots=True)
class Index:
    """A step into an array, counted from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every element of an array (`[*]`) or every value of an object (`.*`)."""

    of: str


Step: TypeAlias = Name | Index | Wildcard


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, a timestamp, TRUE, FALSE, NULL or MISSING."""

    value: Any
    offset: int


@dataclass(frozen=True, slots=True)
class Path:
    """A column, or a value inside the record."""

    steps: tuple[Step, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` and `+`."""

    operator: str
    operand: Node
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, `||` and comparisons."""

    operator: str
    left: Node
    right: Node
    offset: int


@dataclass(frozen=True, slots=True)
class Logical:
    """`and` and `or` over any number of conditions."""

    operator: str
    terms: tuple[Node, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Not:
    """NOT, also of NOT LIKE and the like."""

    operand: Node
    offset: int


@dataclass(frozen=True, slots=True)
class Is:
    """IS NULL and IS MISSING."""

    operand: Node
    what: str
    offset: int


@dataclass(frozen=True, slots=True)
class Between:
    """BETWEEN, both ends included."""

    operand: Node
    low: Node
    high: Node
    offset: int


@dataclass(frozen=True, slots=True)
class In:
    """Membership in a list of expressions, or in an array of the record."""

    operand: Node
    choices: tuple[Node, ...] | Node
    offset: int


@dataclass(frozen=True, slots=True)
class Like:
    """LIKE, with its escape character."""

    operand: Node
    pattern: Node
    escape: Node | None
    offset: int


@dataclass(frozen=True, slots=True)
class Case:
    """CASE: pairs of condition and value, and what else."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    offset: int


@dataclass(frozen=True, slots=True)
class Cast:
    """CAST to a type by its one name."""

    operand: Node
    type: str
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """A scalar function; `option` is its word-like argument: a date part, or which end to trim."""

    function: str
    arguments: tuple[Node, ...]
    offset: int
    option: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT, SUM, AVG, MIN, MAX; COUNT(*) has no operand."""

    function: str
    operand: Node | None
    offset: int


Node: TypeAlias = (
    Literal | Path | Unary | Binary | Logical | Not | Is | Between | In | Like | Case | Cast | Call | Aggregate
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the SELECT list and the name it has in the output."""

    node: Node
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from: steps after `S3Object[*]`, and the names that stand for the record."""

    steps: tuple[Step, ...]
    names: tuple[Name, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole expression; no items means `*`."""

    text: str
    items: tuple[Item, ...]
    source: Source
    where: Node | None
    limit: int | None
    aggregated: bool
