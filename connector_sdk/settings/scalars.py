"""Forms of one value: texts, numbers, true and false, choices, secrets."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from connector_sdk.settings.errors import expected
from connector_sdk.settings.forms import Definitions, Form, OfType, is_of
from connector_sdk.settings.limits import NUMBERS, TEXTS
from connector_sdk.settings.secret import Secret

INTEGER = re.compile(r"[+-]?[0-9]+(\.0*)?")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
TRUE, FALSE = ("true", "yes", "y", "on", "t", "1"), ("false", "no", "n", "off", "f", "0")
WORDS: Mapping[str, bool] = MappingProxyType({**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)})
"""Texts that stand for true and false: a property or an environment variable holds nothing but texts."""


class Anything(Form):
    """Any JSON value, as it is."""

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """Nothing is ruled out."""
        return {}

    def fits(self, value: Any) -> bool:
        """Always."""
        return True

    def made(self, value: Any, context: Any) -> Any:
        """The same."""
        return value


class Nothing(OfType):
    """Null."""

    type = "null"

    def made(self, value: Any, context: Any) -> Any:
        """None."""
        return self.checked(value, _same)


class Text(OfType):
    """A text."""

    type = "string"
    known = TEXTS

    def made(self, value: Any, context: Any) -> Any:
        """The text alone, without what a reader of files has noted on it."""
        return self.checked(value, str)


class SecretText(Text):
    """A text that is never shown."""

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """A string that is written and not read."""
        return {**super().schema(definitions), "format": "password", "writeOnly": True}

    def fits(self, value: Any) -> bool:
        """Whether it is a text, or a secret already."""
        return isinstance(value, str | Secret)

    def made(self, value: Any, context: Any) -> Secret:
        """The secret."""
        text = value.get_secret_value() if isinstance(value, Secret) else value
        return Secret(super().made(text, context))


class Integer(OfType):
    """A whole number."""

    type = "integer"
    known = NUMBERS

    def made(self, value: Any, context: Any) -> Any:
        """The number, also of its text."""
        if isinstance(value, str) and (match := INTEGER.fullmatch(value.strip())):
            value = _integer(match[0].partition(".")[0])
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return self.checked(value, _same)


class Number(OfType):
    """A number."""

    type = "number"
    known = NUMBERS

    def made(self, value: Any, context: Any) -> Any:
        """The number as a float, also of its text; one that a float cannot hold is none."""
        if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
            value = float(value)
        return self.checked(value if is_of(value, self.type) and _is_finite(value) else None, float)


class Boolean(OfType):
    """True or false."""

    type = "boolean"

    def made(self, value: Any, context: Any) -> Any:
        """What it says, also as a text or as 1 and 0: rows and properties have nothing else."""
        said = WORDS.get(value.strip().lower()) if isinstance(value, str) else value
        return self.checked(bool(said) if isinstance(said, int | float) and said in (0, 1) else None, _same)


class Choice(Form):
    """One of some constants."""

    def __init__(self, choices: tuple[Any, ...]) -> None:
        self.choices = choices

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """A constant, or an enumeration."""
        named = {"const": self.choices[0]} if len(self.choices) == 1 else {"enum": list(self.choices)}
        return {**named, **({"type": "string"} if all(isinstance(each, str) for each in self.choices) else {})}

    def fits(self, value: Any) -> bool:
        """Whether it is one of them."""
        return any(value == each and isinstance(value, type(each)) for each in self.choices)

    def made(self, value: Any, context: Any) -> Any:
        """The constant."""
        for each in self.choices:
            if value == each and isinstance(value, type(each)):
                return each
        raise expected(map(repr, self.choices))


def _same(value: Any) -> Any:
    return value


def _integer(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:  # Python reads no number of thousands of digits
        return None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False
