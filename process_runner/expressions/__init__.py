"""Expressions: `{{ ... }}` in a process, evaluated for each document."""

from process_runner.expressions.scope import Facts, Scope, text_of
from process_runner.expressions.template import Expression, Template, check, names_read

__all__ = ["Expression", "Facts", "Scope", "Template", "check", "names_read", "text_of"]
