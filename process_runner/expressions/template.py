"""A compiled expression: what it is, is settled when the project loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.environment import Template as Compiled

from connector_sdk import ConnectorError, DocumentError, Parsed
from process_runner.expressions.columns import Look, OneByOne, Sight, Texts, look, seen
from process_runner.expressions.environment import Missing, environment
from process_runner.expressions.filters import form_problem
from process_runner.expressions.references import Reader, reader
from process_runner.expressions.scope import NAMES, Scope
from process_runner.expressions.values import is_text, text_of
from process_runner.language.nodes import Substituted
from process_runner.language.place import suggestion

_RESULT = "_result"
_MARKS = ("{{", "{%", "{#")
_EFFECTS = ("call", "sequence")
_QUALIFIED = re.compile(r"^\S*\.(?:<lambda>|_*(\w+))\(\)")
"""How Python names a function in an error; authors know it by its last part alone."""


class Template:
    """A text with expressions in it. Without any it is constant; one whole expression keeps its native type."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.constant = not (isinstance(source, str) and any(mark in source for mark in _MARKS))
        self._read = None if self.constant else reader(source)
        self._compiled: tuple[Compiled, bool] | None = None
        self._look: Look | None = None

    def value(self, scope: Scope) -> Any:
        """The native value for the scope's document; DocumentError says which expression failed and why."""
        read = self._read
        if read is None:
            if self.constant:
                return self.source
            if (read := self._without_jinja()) is None:
                return self._evaluate(scope)
        try:
            found = read(scope)
        except Exception:  # noqa: BLE001  # whatever it is, Jinja meets it again and explains it
            return self._evaluate(scope)
        return self._evaluate(scope) if found is None or type(found) is Missing else found

    @property
    def has_effects(self) -> bool:
        """Whether evaluating it may change anything; true also for some that do not."""
        return not self.constant and any(name in self.source for name in _EFFECTS)

    @property
    def fixed(self) -> str | None:
        """The text that it is for every document; None where it is computed, or no text."""
        text = str(text_of(self.source)) if self.constant else None
        return text if text is not None and is_text(text) else None

    def _evaluate(self, scope: Scope) -> Any:
        try:
            compiled, whole = self._compiled or self._compile()
            context = compiled.new_context(scope.names, shared=True)
            written = compiled.environment.concat(compiled.root_render_func(context))
            return _defined(context.vars[_RESULT]) if whole else written
        except ConnectorError:
            raise
        except Exception as error:  # whatever an author's expression raises concerns one document, not the runner
            raise DocumentError(f"{_shown(self.source)}: {_reason(error)}", "ExpressionFailed") from error

    def text(self, scope: Scope) -> str:
        """The value as text, in the form a property holds it."""
        value = self.value(scope)
        try:
            text = value if type(value) is str else text_of(value)
            if not text.isascii():
                text.encode(errors="surrogateescape")  # names of files need not be UTF-8
            return text
        except UnicodeEncodeError as error:
            reason = "half a character, such as \\ud800 alone, is no text"
            raise DocumentError(f"{_shown(self.source)}: {reason}", "ExpressionFailed") from error
        except TemplateError as error:  # something missing inside a list or mapping
            raise DocumentError(f"{_shown(self.source)}: {_reason(error)}", "ExpressionFailed") from error

    def column(self, sight: Sight) -> Texts:
        """The text for each document of a block, or the one that all have; OneByOne where it is not so easily told."""
        if (fixed := self.fixed) is not None:
            return fixed
        if self.constant:
            raise OneByOne
        if self._look is None:
            self._look = look(self.source)
        try:
            return seen(self._look(sight), sight.most)
        except (TypeError, ValueError) as error:  # no text
            raise OneByOne from error

    def _without_jinja(self) -> Reader | None:
        """The closure of the expression, made when it is first evaluated; None where it needs Jinja each time."""
        if self._compiled is None:
            from process_runner.expressions import closures

            self._read = closures.reader(environment().parse(self.source))
        return self._read

    def _compile(self) -> tuple[Compiled, bool]:
        tree = environment().parse(self.source)
        expression = _whole(tree)
        if expression is not None:
            assign = nodes.Assign(nodes.Name(_RESULT, "store", lineno=1), expression, lineno=1)
            tree = nodes.Template([assign], lineno=1)
        self._compiled = (environment().from_string(tree), expression is not None)
        return self._compiled

    def __getstate__(self) -> Any:
        return self.source

    def __setstate__(self, source: Any) -> None:
        self.__init__(source)  # type: ignore[misc]  # a template is its source, compiled again where it arrives

    def __repr__(self) -> str:
        return f"Template({self.source!r})"


def check(source: Any) -> str | None:
    """What is wrong with an expression, told from its text alone; None where nothing is."""
    if Template(source).constant:
        return None
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        return f"this expression does not parse: {error.message}" + (
            f" (line {error.lineno} of the text)" if error.lineno > 1 else ""
        )
    except RecursionError:
        return "this expression is nested too deeply"
    try:
        return next(_unknown(tree), None)
    except TemplateError as error:  # Jinja computes what is constant as soon as it looks at it
        return f"this expression cannot be computed: {_reason(error)}"


def _unknown(tree: nodes.Template) -> Iterator[str]:
    for kind, used in (("filter", nodes.Filter), ("test", nodes.Test)):
        there = environment().filters if kind == "filter" else environment().tests
        for each in tree.find_all(used):
            if each.name not in there:
                yield f"unknown {kind} '{each.name}' in an expression" + suggestion(each.name, there)
    for form in map(_date_form, tree.find_all(nodes.Filter)):
        if form is not None and (problem := form_problem(form)):
            yield f"{problem} (in the filter 'date')"
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
    if isinstance(value, Missing):
        str(value)  # raises with the reason why it is missing
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    if isinstance(error, ValueError):
        return str(error)
    return f"{type(error).__name__}: " + _QUALIFIED.sub(lambda found: f"{found[1] or 'the function'}()", str(error))


def _shown(source: str) -> str:
    """The expression in short; whole where a secret may be in it, as half of one would not be recognised."""
    return source if len(source) <= 80 or isinstance(source, Substituted) else source[:77] + "..."


def _load(source: Any, _: Any) -> Template:
    if not isinstance(source, str | int | float):
        raise ValueError("expected a text, a number, or true or false")  # pydantic collects ValueError
    return Template(source)


_WRITTEN = {"type": ["string", "number", "boolean"], "format": "expression"}

Expression = Annotated[Template, Parsed(_WRITTEN, _load)]
"""A setting of a shape that is evaluated for each document."""
