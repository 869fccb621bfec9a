"""A place in the tokens of an expression, and what a parser asks there."""

from __future__ import annotations

from connector_sdk import DocumentError
from connectors.s3.select.faults import refusal
from connectors.s3.select.keywords import LACKING, RESERVED
from connectors.s3.select.tokens import Token, tokenize


class Cursor:
    """Walks forward through an expression and remembers what concerns the whole of it.

    `inside` is the clause or the aggregate being read, `aggregates` how many were read, `plain` where the first column
    of the SELECT list stands that is not in an aggregate.
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._tokens = list(tokenize(expression))
        self._at = 0
        self.inside = "SELECT"
        self.aggregates = 0
        self.plain: int | None = None

    @property
    def token(self) -> Token:
        """The token at the cursor."""
        return self._tokens[self._at]

    @property
    def following(self) -> Token:
        """The token after it."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    @property
    def third(self) -> Token:
        """The token after that."""
        return self._tokens[min(self._at + 2, len(self._tokens) - 1)]

    def take(self) -> Token:
        """This token; the cursor moves on."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def at_word(self, *words: str) -> bool:
        """Whether one of these words stands here, whatever its case."""
        return self.token.kind == "word" and self.token.value.lower() in words

    def at_symbol(self, *symbols: str) -> bool:
        """Whether one of these symbols stands here."""
        return self.token.kind == "symbol" and self.token.value in symbols

    def accept_word(self, *words: str) -> str:
        """The word in small letters if it is one of these, else an empty text."""
        return self.take().value.lower() if self.at_word(*words) else ""

    def accept_symbol(self, *symbols: str) -> str:
        """The symbol if it is one of these, else an empty text."""
        return self.take().value if self.at_symbol(*symbols) else ""

    def expect_word(self, word: str, code: str = "ParseExpectedKeyword") -> Token:
        """The word, which has to stand here."""
        if not self.at_word(word):
            raise self.unexpected(word.upper(), code)
        return self.take()

    def expect_symbol(self, symbol: str, code: str = "ParseExpectedTokenType") -> Token:
        """The symbol, which has to stand here."""
        if not self.at_symbol(symbol):
            raise self.unexpected(f"'{symbol}'", code)
        return self.take()

    def is_name(self) -> bool:
        """Whether a name may be read here: a quoted one, or a word that is not reserved."""
        return self.token.kind == "name" or (self.token.kind == "word" and self.token.value.lower() not in RESERVED)

    def refuse(self, code: str, message: str, offset: int | None = None) -> DocumentError:
        """An error at the cursor, or at another offset."""
        return refusal(self.expression, self.token.offset if offset is None else offset, code, message)

    def unexpected(self, expected: str, code: str = "ParseUnexpectedToken") -> DocumentError:
        """An error that says what stands here and what could."""
        token = self.token
        if token.kind == "end":
            return self.refuse(code, f"the expression ends where {expected} is expected")
        word = token.value.lower() if token.kind == "word" else ""
        if word in LACKING:
            return self.refuse("UnsupportedSqlStructure", LACKING[word])
        found = f"'{token.value}'"
        hint = f'; write "{token.value}" if it is a name' if word in RESERVED else ""
        return self.refuse(code, f"found {found} where {expected} is expected{hint}")
