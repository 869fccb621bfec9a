"""Text of an expression -> tokens that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from connectors.s3.select.faults import refusal

Kind = OneOf["word", "name", "text", "integer", "decimal", "ion", "symbol", "end"]

TOKEN = re.compile(
    r"""
    (?P<space>   (?: \s++ | --[^\n]*+ | /\*(?s:.*?)\*/ )++ )
  | (?P<word>    [^\W\d][\w$]*+ )
  | (?P<decimal> (?: [0-9]++\.[0-9]*+ | \.[0-9]++ )(?: [eE][+-]?[0-9]++ )?+ | [0-9]++[eE][+-]?[0-9]++ )
  | (?P<integer> [0-9]++ )
  | (?P<text>    '(?: [^']++ | '' )*+' )
  | (?P<name>    "(?: [^"]++ | "" )*+" )
  | (?P<ion>     `[^`]*+` )
  | (?P<symbol>  <> | != | <= | >= | \|\| | [-+*/%=<>().,\[\]] )
    """,
    re.VERBOSE,
)
UNCLOSED = {"'": "a text", '"': "a quoted name", "`": "a timestamp"}


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the text without its quotes."""

    kind: Kind
    value: str
    offset: int


def tokenize(expression: str) -> Iterator[Token]:
    """Every token, then one of kind `end`."""
    offset = 0
    while offset < len(expression):
        match = TOKEN.match(expression, offset)
        if match is None:
            raise _unreadable(expression, offset)
        offset = match.end()
        if match.lastgroup != "space":
            yield _token(match, expression)
    yield Token("end", "", len(expression))


def _token(match: re.Match[str], expression: str) -> Token:
    kind: Kind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
    value = match.group()
    if kind in ("text", "name", "ion"):
        value = value[1:-1].replace(value[0] * 2, value[0])
    elif kind in ("integer", "decimal") and expression[match.end() : match.end() + 1].isidentifier():
        raise refusal(expression, match.start(), "LexerInvalidLiteral", "a number runs into a name; put a space")
    return Token(kind, value, match.start())


def _unreadable(expression: str, offset: int) -> Exception:
    character = expression[offset]
    if character in UNCLOSED:
        return refusal(expression, offset, "LexerInvalidLiteral", f"{UNCLOSED[character]} is not closed")
    hint = "; an expression is one SELECT without a semicolon" if character == ";" else ""
    return refusal(expression, offset, "LexerInvalidChar", f"{character!r} is not part of S3 Select{hint}")
