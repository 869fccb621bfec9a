"""Reads calls of functions, each in the form that Amazon documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from connectors.s3.select.cursor import Cursor
from connectors.s3.select.keywords import LACKING
from connectors.s3.select.tree import Aggregate, Call, Cast, Literal, Node

Reader: TypeAlias = Callable[[Cursor], Node]

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max"})
# The least and the greatest number of arguments.
PLAIN: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "char_length": (1, 1),
        "character_length": (1, 1),
        "coalesce": (1, 1000),
        "lower": (1, 1),
        "nullif": (2, 2),
        "to_string": (2, 2),
        "to_timestamp": (1, 1),
        "upper": (1, 1),
        "utcnow": (0, 0),
    }
)
DATE_PARTS = ("year", "month", "day", "hour", "minute", "second")
ZONE_PARTS = ("timezone_hour", "timezone_minute")
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "bool": "bool",
        "int": "int",
        "integer": "int",
        "string": "string",
        "float": "float",
        "decimal": "decimal",
        "numeric": "decimal",
        "timestamp": "timestamp",
    }
)


def is_call(cursor: Cursor) -> bool:
    """Whether a word with an opening bracket behind it stands here."""
    return cursor.token.kind == "word" and cursor.following.value == "(" and cursor.following.kind == "symbol"


def read_call(cursor: Cursor, read: Reader) -> Node:
    """A scalar function; any other name is refused with the functions there are."""
    token = cursor.take()
    name = token.value.lower()
    if name in LACKING:
        raise cursor.refuse("UnsupportedSqlStructure", LACKING[name], token.offset)
    if name not in PLAIN and name not in SPECIAL:
        raise cursor.refuse("UnsupportedFunction", _unknown(name), token.offset)
    cursor.expect_symbol("(")
    node = SPECIAL[name](cursor, read, token.offset) if name in SPECIAL else _plain(cursor, read, name, token.offset)
    cursor.expect_symbol(")", "ParseExpectedRightParenBuiltinFunctionCall")
    return node


def read_aggregate(cursor: Cursor, read: Reader) -> Node:
    """COUNT(*) or an aggregate of one expression, in the SELECT list only."""
    token = cursor.take()
    name = token.value.lower()
    if cursor.inside != "SELECT":
        where = f"inside {cursor.inside}" if cursor.inside in ("WHERE", "FROM") else "inside another aggregate"
        raise cursor.refuse(
            "UnsupportedSqlStructure", f"{name.upper()} cannot stand {where}; aggregates belong to SELECT", token.offset
        )
    cursor.expect_symbol("(")
    cursor.aggregates += 1
    if cursor.at_symbol("*"):
        return _count_all(cursor, name, token.offset)
    cursor.inside = name.upper()
    operand = read(cursor)
    cursor.inside = "SELECT"
    cursor.expect_symbol(")", "ParseNonUnaryAgregateFunctionCall")
    return Aggregate(name, operand, token.offset)


def _count_all(cursor: Cursor, name: str, offset: int) -> Node:
    if name != "count":
        raise cursor.refuse("ParseUnsupportedCallWithStar", f"only COUNT takes *; write {name.upper()}(column)")
    cursor.take()
    cursor.expect_symbol(")")
    return Aggregate(name, None, offset)


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    known = sorted({*PLAIN, *SPECIAL, *AGGREGATES})
    close = get_close_matches(name, known, 1)
    hint = f"did you mean {close[0].upper()}?" if close else f"there are {', '.join(known).upper()}"
    return f"{name.upper()} is not a function of S3 Select; {hint}"


def _plain(cursor: Cursor, read: Reader, name: str, offset: int) -> Node:
    arguments: list[Node] = []
    while not cursor.at_symbol(")"):
        if arguments:
            cursor.expect_symbol(",", "ParseExpectedArgumentDelimiter")
        arguments.append(read(cursor))
    least, most = PLAIN[name]
    if not least <= len(arguments) <= most:
        takes = f"{least}" if least == most else f"at least {least}"
        raise cursor.refuse(
            "EvaluatorInvalidArguments", f"{name.upper()} takes {takes} arguments, not {len(arguments)}", offset
        )
    return Call(name, tuple(arguments), offset)


def _substring(cursor: Cursor, read: Reader, offset: int) -> Node:
    arguments = [read(cursor)]
    comma = bool(cursor.accept_symbol(","))
    if not comma and not cursor.accept_word("from"):
        raise cursor.unexpected("FROM or a comma", "ParseExpectedArgumentDelimiter")
    arguments.append(read(cursor))
    if cursor.accept_symbol(",") if comma else cursor.accept_word("for"):
        arguments.append(read(cursor))
    return Call("substring", tuple(arguments), offset)


def _trim(cursor: Cursor, read: Reader, offset: int) -> Node:
    end = cursor.accept_word("leading", "trailing", "both")
    space = Literal(" ", offset)
    if end and cursor.accept_word("from"):
        return Call("trim", (read(cursor), space), offset, end)
    first = read(cursor)
    if not (cursor.expect_word("from") if end else cursor.accept_word("from")):
        return Call("trim", (first, space), offset, "both")
    return Call("trim", (read(cursor), first), offset, end or "both")


def _extract(cursor: Cursor, read: Reader, offset: int) -> Node:
    part = _part(cursor, DATE_PARTS + ZONE_PARTS)
    cursor.expect_word("from")
    return Call("extract", (read(cursor),), offset, part)


def _date_add(cursor: Cursor, read: Reader, offset: int) -> Node:
    return _dated(cursor, read, "date_add", offset)


def _date_diff(cursor: Cursor, read: Reader, offset: int) -> Node:
    return _dated(cursor, read, "date_diff", offset)


def _dated(cursor: Cursor, read: Reader, name: str, offset: int) -> Node:
    part = _part(cursor, DATE_PARTS)
    cursor.expect_symbol(",", "ParseExpectedArgumentDelimiter")
    first = read(cursor)
    cursor.expect_symbol(",", "ParseExpectedArgumentDelimiter")
    return Call(name, (first, read(cursor)), offset, part)


def _part(cursor: Cursor, parts: tuple[str, ...]) -> str:
    if part := cursor.accept_word(*parts):
        return part
    raise cursor.refuse(
        "ParseExpectedDatePart", f"'{cursor.token.value}' is not a date part; there are {', '.join(parts)}"
    )


def _cast(cursor: Cursor, read: Reader, offset: int) -> Node:
    operand = read(cursor)
    cursor.expect_word("as")
    written = cursor.token
    name = TYPES.get(written.value.lower()) if written.kind == "word" else None
    if name is None:
        raise cursor.refuse(
            "ParseExpectedTypeName", f"'{written.value}' is not a type of S3 Select; there are {', '.join(TYPES)}"
        )
    cursor.take()
    if name == "decimal" and cursor.accept_symbol("("):
        _ignored_precision(cursor)
    return Cast(operand, name, offset)


def _ignored_precision(cursor: Cursor) -> None:
    """The service takes precision and scale of a decimal, and ignores both."""
    while not cursor.accept_symbol(")"):
        if cursor.token.kind != "integer":
            raise cursor.unexpected("a number", "ParseInvalidTypeParam")
        cursor.take()
        cursor.accept_symbol(",")


SPECIAL: Mapping[str, Callable[[Cursor, Reader, int], Node]] = MappingProxyType(
    {
        "cast": _cast,
        "date_add": _date_add,
        "date_diff": _date_diff,
        "extract": _extract,
        "substring": _substring,
        "trim": _trim,
    }
)
