"""Errors of Select: the service's own codes, with the place in the expression."""

from __future__ import annotations

from connector_sdk import DocumentError


class Fault(Exception):
    """Something wrong with a value; whoever knows the place in the expression turns it into a DocumentError."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def refusal(expression: str, offset: int, code: str, message: str) -> DocumentError:
    """An error that points at `offset` of the expression as line:column, both counted from 1."""
    line = expression.count("\n", 0, offset) + 1
    column = offset - (expression.rfind("\n", 0, offset) + 1) + 1
    return DocumentError(f"expression:{line}:{column}: {message}", code)
