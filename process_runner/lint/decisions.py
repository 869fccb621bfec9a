"""Decisions that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

from process_runner.engine.comparison import OPERATORS, Comparison
from process_runner.language.place import Problem
from process_runner.language.project import Project
from process_runner.lint._reads import steps
from process_runner.shapes.decision import Decision


def check(project: Project) -> Iterator[Problem]:
    """Decisions without steps on either path, and those that ask nothing of a document."""
    for step in steps(project):
        if not isinstance(step.shape, Decision):
            continue
        if not (step.shape.then or step.shape.else_):
            yield Problem(step.place, "this decision has no effect: neither path has a step")
        elif _is_constant(step.shape):
            yield Problem(step.place, "this decision has no effect: its condition is the same for every document")


def _is_constant(decision: Decision) -> bool:
    asked = decision.if_
    if not isinstance(asked, Comparison):
        return asked.constant
    operands = [asked.value, *(getattr(asked, name) for name in OPERATORS if getattr(asked, name) is not None)]
    return all(each.constant for each in operands)
