"""Named values of an SQL text: where `:name` stands for a value, and where it is only text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_sdk import Input, Operation

TOKEN = re.compile(
    r"""
      [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*'       # a text
    | "(?:[^"]|"")*" | `[^`]*`                        # a name in quotes
    | --[^\n]* | /\*.*?\*/                            # a remark
    | \$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$          # a text between dollars
    | \w+ | ::                                        # a word; a cast
    | :(?P<name>[A-Za-z_]\w*)
    | :
    """,
    re.VERBOSE | re.DOTALL,
)
READS = frozenset({"select", "with", "values", "table"})


def names(sql: str) -> tuple[str, ...]:
    """The names of its values, each once, in the order of the text."""
    return tuple(dict.fromkeys(found["name"] for found in TOKEN.finditer(sql) if found["name"]))


def escaped(sql: str) -> str:
    """The text as SQLAlchemy reads it, in which every other colon has a backslash."""
    return TOKEN.sub(lambda found: found[0] if found["name"] else found[0].replace(":", r"\:"), sql)


def is_select(sql: str) -> bool:
    """Whether the first word begins a query that a cursor of the server can read piece by piece."""
    return next(_words(sql), "") in READS


def _words(sql: str) -> Iterator[str]:
    return (found[0].lower() for found in TOKEN.finditer(sql) if found[0][0].isalpha())


class NamedInputs:
    """The inputs of an operation with an `sql`: of the class none, of the operation one for each named value."""

    def __get__(self, operation: Operation[object] | None, owner: type[Operation[object]]) -> tuple[Input, ...]:
        if operation is None:
            return ()
        required = getattr(operation, "values", "parameters") == "parameters"
        return tuple(Input(name, f"The value of :{name}.", required) for name in names(getattr(operation, "sql", "")))
