"""What an author is told about text that is not YAML."""

from __future__ import annotations

from typing import Any

import yaml

DEEPEST = 100
"""Levels of a file."""
TOO_DEEP = f"nested deeper than {DEEPEST} levels"
_UNCLOSED = {"while parsing a flow sequence": "[", "while parsing a flow mapping": "{"}
_SAID = {
    "mapping values are not allowed in this context": (
        "a second ': ' in one value; put the text in quotes, or correct the indentation"
    ),
    "did not find expected key": (
        "not a key here; correct the indentation, or put a text that begins with a quote or brackets in quotes whole"
    ),
    "did not find expected '-' indicator": "a list goes on with '- '; correct the indentation",
    "found unknown escape character": "unknown escape in a text in double quotes; use single quotes",
    "found invalid Unicode character escape code": (
        "half a character; YAML writes a whole one, such as \\U0001F600 for what JSON writes as \\ud83d\\ude00"
    ),
    "did not find expected node content": "a value is missing, or a bracket before it is never closed",
}


def explained(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Any]:
    """The message, and the mark of the place it is about."""
    mark = error.problem_mark or error.context_mark
    here = text[mark.index : mark.index + 1] if mark else ""
    if here == "\t":
        return "a tab cannot indent YAML; use spaces", mark
    if error.problem == "found unexpected end of stream":
        return "the quote that opens here is never closed", error.context_mark or mark
    if error.problem == "found character that cannot start any token":
        return f"a text cannot begin with '{here}'; put it in quotes", mark
    if mark and (bracket := _UNCLOSED.get(str(error.context))):
        return f"this '{bracket}' is not closed before line {mark.line + 1}", error.context_mark or mark
    if str(error.problem).startswith(
        "exceeded maximum nesting depth"
    ):  # libyaml has a limit too, and looks further ahead
        return TOO_DEEP, mark
    if error.problem == "could not find expected ':'":
        return "neither 'KEY: VALUE' nor '- ITEM'; correct the indentation", error.context_mark or mark
    said = f"{error.problem} {error.context or ''}".strip()
    return _SAID.get(str(error.problem), f"not valid YAML: {said}"), mark
