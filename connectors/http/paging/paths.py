"""JMESPaths into a page of JSON."""

from __future__ import annotations

from typing import Annotated, Any

from connector_sdk import DocumentError, Parsed


def search(path: str, value: Any) -> Any:
    """What is at the path, or None; DocumentError where a function in it does not fit the value."""
    import jmespath

    try:
        return jmespath.search(path, value)
    except (ArithmeticError, TypeError, ValueError, RecursionError) as error:  # JMESPathError is a ValueError
        raise DocumentError(f"'{path}' cannot be computed: {str(error).splitlines()[0]}", "PathFailed") from error


def _load(value: Any, context: Any) -> str:
    import jmespath

    if not isinstance(value, str):
        raise ValueError("a JMESPath is a text, such as meta.next")
    try:
        jmespath.compile(value)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"'{value}' is no JMESPath: {str(error).splitlines()[0]}") from error
    return value


JmesPath = Annotated[str, Parsed({"type": "string"}, _load)]
