"""Expressions: `{{ ... }}` in a process, evaluated for each document."""

from process_runner.expressions.columns import OneByOne, Sight, Texts
from process_runner.expressions.found import names_read, reads, templates
from process_runner.expressions.scope import Facts, Scope
from process_runner.expressions.template import Expression, Template, check
from process_runner.expressions.values import Absent, is_text, missing, text_of, utf8_of

__all__ = [
    "Absent",
    "Expression",
    "Facts",
    "OneByOne",
    "Scope",
    "Sight",
    "Template",
    "Texts",
    "check",
    "is_text",
    "missing",
    "names_read",
    "reads",
    "templates",
    "text_of",
    "utf8_of",
]
