"""What Jinja makes of an expression; only imported with one that is more than references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes

from process_runner.expressions.bounds import TooLarge
from process_runner.expressions.environment import environment
from process_runner.expressions.filters import form_problem
from process_runner.expressions.references import Reader
from process_runner.expressions.scope import NAMES, Scope
from process_runner.expressions.values import Absent
from process_runner.language.place import suggestion

TOLD = (TemplateError, TooLarge)
"""Errors in the author's words already."""
_RESULT = "_result"
_QUALIFIED = re.compile(r"^\S*\.(?:<lambda>|_*(\w+))\(\)")
"""How Python names a function in an error; authors know it by its last part alone."""


def parsed(source: str) -> nodes.Template:
    """The syntax tree of a text."""
    return environment().parse(source)


def reader(source: str) -> Reader:
    """The value of a text for a scope, as Jinja computes it; a text that is one expression keeps its native type."""
    tree = parsed(source)
    expression = _whole(tree)
    if expression is not None:
        assign = nodes.Assign(nodes.Name(_RESULT, "store", lineno=1), expression, lineno=1)
        tree = nodes.Template([assign], lineno=1)
    compiled = environment().from_string(tree)

    def read(scope: Scope) -> Any:
        context = compiled.new_context(scope.names, shared=True)
        written = compiled.environment.concat(compiled.root_render_func(context))
        return written if expression is None else _defined(context.vars[_RESULT])

    return read


def problem(source: str) -> str | None:
    """What is wrong with an expression, told from its text alone; None where nothing is."""
    try:
        tree = parsed(source)
    except TemplateSyntaxError as error:
        return f"this expression does not parse: {error.message}" + (
            f" (line {error.lineno} of the text)" if error.lineno > 1 else ""
        )
    except RecursionError:
        return "this expression is nested too deeply"
    try:
        return next(_unknown(tree), None)
    except TOLD as error:  # Jinja computes what is constant as soon as it looks at it
        return f"this expression cannot be computed: {reason(error)}"


def _unknown(tree: nodes.Template) -> Iterator[str]:
    for kind, used in (("filter", nodes.Filter), ("test", nodes.Test)):
        there = environment().filters if kind == "filter" else environment().tests
        for each in tree.find_all(used):
            if each.name not in there:
                yield f"unknown {kind} '{each.name}' in an expression" + suggestion(each.name, there)
    for form in map(_date_form, tree.find_all(nodes.Filter)):
        if form is not None and (wrong := form_problem(form)):
            yield f"{wrong} (in the filter 'date')"
    for _ in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield "an expression cannot load other templates"
    for name in sorted(meta.find_undeclared_variables(tree) - {*NAMES, *environment().globals}):
        yield f"unknown name '{name}' in an expression" + suggestion(name, NAMES)


def _date_form(used: nodes.Filter) -> str | None:
    """The form of a date where it is written in the expression."""
    given = [*used.args[:1], *(each.value for each in used.kwargs if each.key == "form")] if used.name == "date" else []
    return next((each.value for each in given if isinstance(each, nodes.Const) and isinstance(each.value, str)), None)


def _whole(tree: nodes.Template) -> nodes.Expr | None:
    if len(tree.body) == 1 and isinstance(tree.body[0], nodes.Output) and len(tree.body[0].nodes) == 1:
        only = tree.body[0].nodes[0]
        return None if isinstance(only, nodes.TemplateData) else only
    return None


def _defined(value: Any) -> Any:
    if isinstance(value, Absent):
        str(value)  # raises with the reason why it is missing
    return value


def reads(source: str, view: str) -> set[str | None]:
    """The names that an expression reads from a view; None for those that only a run can tell."""
    tree = parsed(source)
    found: set[str | None] = set()
    named = 0
    all_reads: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for each in all_reads:
        if _is_name(each.node, view):
            named += 1
            found.add(_name(each))
    whole = sum(_is_name(each, view) for each in tree.find_all(nodes.Name))
    return found | ({None} if whole > named else set())


def reason(error: Exception) -> str:
    """Why an expression has no value, in the author's words."""
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    if isinstance(error, ValueError | TooLarge):
        return str(error)
    return f"{type(error).__name__}: " + _QUALIFIED.sub(lambda found: f"{found[1] or 'the function'}()", str(error))


def _name(read: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(read, nodes.Getattr):
        return read.attr
    return str(read.arg.value) if isinstance(read.arg, nodes.Const) else None


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
