"""A compiled expression: what it is, is settled when the project loads."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from connector_sdk import ConnectorError, DocumentError, Parsed
from process_runner.expressions.columns import Look, OneByOne, Sight, Texts, look
from process_runner.expressions.references import Reader, reader
from process_runner.expressions.scope import Scope
from process_runner.expressions.values import Absent, is_text, text_of
from process_runner.language.nodes import Substituted

_MARKS = ("{{", "{%", "{#")
_EFFECTS = ("call", "sequence")


class Template:
    """A text with expressions in it. Without any it is constant; one whole expression keeps its native type."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.constant = not (isinstance(source, str) and any(mark in source for mark in _MARKS))
        self._read = None if self.constant else reader(source)
        self._compiled: Reader | None = None
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
        return self._evaluate(scope) if found is None or isinstance(found, Absent) else found

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
            if self._compiled is None:
                from process_runner.expressions import jinja

                self._compiled = jinja.reader(self.source)
            return self._compiled(scope)
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
        except ConnectorError:
            raise
        except Exception as error:
            if (told := _told_by_jinja(error)) is None:
                raise
            raise DocumentError(f"{_shown(self.source)}: {told}", "ExpressionFailed") from error

    @cached_property
    def has_column(self) -> bool:
        """Whether whole columns of it can be read, as a rule."""
        if not self.constant:
            self._look = look(self.source)
        return self._look is not None or self.fixed is not None

    def column(self, sight: Sight) -> Texts:
        """The text for each document of a block, or the one that all have; OneByOne where it is not so easily told."""
        if (fixed := self.fixed) is not None:
            return fixed
        if not self.has_column or self._look is None:
            raise OneByOne
        try:
            return sight.taken(self._look(sight))
        except (TypeError, ValueError) as error:  # no text
            raise OneByOne from error

    def _without_jinja(self) -> Reader | None:
        """The closure of the expression, made when it is first evaluated; None where it needs Jinja each time."""
        if self._compiled is None:
            from process_runner.expressions import closures, jinja

            self._read = closures.reader(jinja.parsed(self.source))
        return self._read

    def __getstate__(self) -> Any:
        return self.source

    def __setstate__(self, source: Any) -> None:
        self.__init__(source)  # type: ignore[misc]  # a template is its source, compiled again where it arrives

    def __repr__(self) -> str:
        return f"Template({self.source!r})"


def check(source: Any) -> str | None:
    """What is wrong with an expression, told from its text alone; None where nothing is."""
    template = Template(source)
    if template.constant or template._read is not None:  # what is recognised without Jinja is never wrong
        return None
    from process_runner.expressions import jinja

    return jinja.problem(source)


def _reason(error: Exception) -> str:
    from process_runner.expressions import jinja

    return jinja.reason(error)


def _told_by_jinja(error: Exception) -> str | None:
    """Why something in a list or mapping is missing, if that is the error."""
    from process_runner.expressions import jinja

    return jinja.reason(error) if isinstance(error, jinja.TOLD) else None


def _shown(source: str) -> str:
    """The expression in short; whole where a secret may be in it, as half of one would not be recognised."""
    return source if len(source) <= 80 or isinstance(source, Substituted) else source[:77] + "..."


def _load(source: Any, _: Any) -> Template:
    if not isinstance(source, str | int | float):
        raise ValueError("expected a text, a number, or true or false")  # settings collect ValueError
    return Template(source)


_WRITTEN = {"type": ["string", "number", "boolean"], "format": "expression"}

Expression = Annotated[Template, Parsed(_WRITTEN, _load)]
"""A setting of a shape that is evaluated for each document."""
