"""Reads one expression: operators by their precedence, then the things they join."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from connectors.s3.select.calls import AGGREGATES, is_call, read_aggregate, read_call
from connectors.s3.select.cursor import Cursor
from connectors.s3.select.faults import Fault
from connectors.s3.select.paths import read_name, read_steps
from connectors.s3.select.timestamps import read_timestamp
from connectors.s3.select.tree import (
    Between,
    Binary,
    Case,
    In,
    Is,
    Like,
    Literal,
    Logical,
    Node,
    Not,
    Path,
    Unary,
    Wildcard,
)
from connectors.s3.select.values import MAX_INT, MISSING, is_number

# Amazon's table of precedence; a higher number binds tighter.
BINDING: Mapping[str, int] = MappingProxyType(
    {
        "or": 1, "and": 2, "=": 4, "<>": 4, "!=": 4, "is": 4, "<": 5, ">": 5, "<=": 5, ">=": 5,
        "like": 6, "between": 7, "in": 8, "||": 9, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11,
    }
)  # fmt: skip
NOT, SIGN = 3, 12
CONSTANTS: Mapping[str, object] = MappingProxyType({"true": True, "false": False, "null": None, "missing": MISSING})


def read_expression(cursor: Cursor, minimum: int = 0) -> Node:
    """Everything that binds tighter than `minimum`."""
    left = _operand(cursor)
    while True:
        operator = _operator(cursor)
        if BINDING.get(operator, 0) <= minimum:
            return left
        left = _joined(cursor, left, operator)


def _operator(cursor: Cursor) -> str:
    if cursor.at_word("not") and cursor.following.value.lower() in ("like", "between", "in"):
        return cursor.following.value.lower()
    return cursor.token.value.lower() if cursor.token.kind in ("word", "symbol") else ""


def _joined(cursor: Cursor, left: Node, operator: str) -> Node:
    negated = bool(cursor.accept_word("not"))
    offset = cursor.take().offset
    if operator in ("and", "or"):
        return _logical(cursor, left, operator, offset)
    if operator == "is":
        return _is(cursor, left, offset)
    if operator in ("like", "between", "in"):
        node = PREDICATES[operator](cursor, left, offset)
        return Not(node, offset) if negated else node
    return Binary(operator, left, read_expression(cursor, BINDING[operator]), offset)


def _logical(cursor: Cursor, left: Node, operator: str, offset: int) -> Node:
    terms = [left, read_expression(cursor, BINDING[operator])]
    while cursor.accept_word(operator):
        terms.append(read_expression(cursor, BINDING[operator]))
    return Logical(operator, tuple(terms), offset)


def _is(cursor: Cursor, left: Node, offset: int) -> Node:
    negated = bool(cursor.accept_word("not"))
    what = cursor.accept_word("null", "missing")
    if not what:
        raise cursor.unexpected("NULL or MISSING")
    node = Is(left, what, offset)
    return Not(node, offset) if negated else node


def _like(cursor: Cursor, left: Node, offset: int) -> Node:
    pattern = read_expression(cursor, BINDING["like"])
    escape = read_expression(cursor, BINDING["like"]) if cursor.accept_word("escape") else None
    return Like(left, pattern, escape, offset)


def _between(cursor: Cursor, left: Node, offset: int) -> Node:
    low = read_expression(cursor, BINDING["between"])
    cursor.expect_word("and")
    return Between(left, low, read_expression(cursor, BINDING["between"]), offset)


def _in(cursor: Cursor, left: Node, offset: int) -> Node:
    if not cursor.accept_symbol("("):
        return In(left, _path(cursor, wildcards=True), offset)
    if cursor.at_word("select"):
        raise cursor.unexpected("a value")
    choices = [read_expression(cursor)]
    while cursor.accept_symbol(","):
        choices.append(read_expression(cursor))
    cursor.expect_symbol(")")
    return In(left, tuple(choices), offset)


PREDICATES = MappingProxyType({"like": _like, "between": _between, "in": _in})


def _operand(cursor: Cursor) -> Node:
    token = cursor.token
    if cursor.accept_word("not"):
        return Not(read_expression(cursor, NOT), token.offset)
    if cursor.accept_symbol("-", "+"):
        return _signed(token.value, read_expression(cursor, SIGN), token.offset)
    if token.kind in ("integer", "decimal", "text", "ion"):
        return _literal(cursor)
    if cursor.accept_symbol("("):
        return _bracketed(cursor)
    if word := cursor.accept_word(*CONSTANTS):
        return Literal(CONSTANTS[word], token.offset)
    if cursor.at_word("case"):
        return _case(cursor)
    if is_call(cursor):
        reader = read_aggregate if token.value.lower() in AGGREGATES else read_call
        return reader(cursor, read_expression)
    return _path(cursor)


def _signed(sign: str, operand: Node, offset: int) -> Node:
    if isinstance(operand, Literal) and is_number(operand.value):
        return Literal(-operand.value if sign == "-" else operand.value, offset)
    return Unary(sign, operand, offset)


def _literal(cursor: Cursor) -> Node:
    token = cursor.take()
    if token.kind == "text":
        return Literal(token.value, token.offset)
    if token.kind == "ion":
        try:
            return Literal(read_timestamp(token.value), token.offset)
        except Fault as fault:
            raise cursor.refuse("LexerInvalidIONLiteral", str(fault), token.offset) from fault
    number = Decimal(token.value)
    whole = token.kind == "integer" and number <= MAX_INT
    return Literal(int(token.value) if whole else number, token.offset)


def _bracketed(cursor: Cursor) -> Node:
    if cursor.at_word("select"):
        raise cursor.unexpected("a value")
    node = read_expression(cursor)
    if cursor.at_symbol(","):
        raise cursor.refuse("UnsupportedSyntax", "lists stand after IN only")
    cursor.expect_symbol(")")
    return node


def _case(cursor: Cursor) -> Node:
    offset = cursor.take().offset
    subject = None if cursor.at_word("when") else read_expression(cursor)
    branches: list[tuple[Node, Node]] = []
    while cursor.at_word("when"):
        place = cursor.take().offset
        when = read_expression(cursor)
        cursor.expect_word("then")
        condition = when if subject is None else Binary("=", subject, when, place)
        branches.append((condition, read_expression(cursor)))
    if not branches:
        raise cursor.unexpected("WHEN", "ParseExpectedWhenClause")
    otherwise = read_expression(cursor) if cursor.accept_word("else") else Literal(None, offset)
    cursor.expect_word("end")
    return Case(tuple(branches), otherwise, offset)


def _path(cursor: Cursor, wildcards: bool = False) -> Path:
    offset = cursor.token.offset
    if not cursor.is_name():
        raise cursor.unexpected("a value", "ParseUnexpectedTerm")
    path = Path((read_name(cursor), *read_steps(cursor)), offset)
    if not wildcards and any(isinstance(step, Wildcard) for step in path.steps):
        raise cursor.refuse(
            "ParseInvalidPathComponent", "[*] and .* stand after FROM, and in the array after IN", offset
        )
    if cursor.inside == "SELECT" and cursor.plain is None:
        cursor.plain = offset
    return path
