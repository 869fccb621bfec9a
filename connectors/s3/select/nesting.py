"""Walks through nodes without recursion, for expressions of any shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from connectors.s3.select.tree import Aggregate


def walk(root: Any) -> Iterator[tuple[Any, int]]:
    """Every node below `root`, and how deep it lies; tuples of nodes are no level of their own."""
    waiting: list[tuple[Any, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend((each, depth) for each in reversed(node))
        elif is_dataclass(node):
            yield node, depth
            waiting.extend((getattr(node, part.name), depth + 1) for part in reversed(fields(node)))


def too_deep(root: Any, limit: int) -> int | None:
    """The offset of a node that lies deeper than `limit`, or None."""
    return next((getattr(node, "offset", 0) for node, depth in walk(root) if depth > limit), None)


def aggregates_in(root: Any) -> list[Aggregate]:
    """Every aggregate below `root`, in the order of the text."""
    return [node for node, _ in walk(root) if isinstance(node, Aggregate)]
