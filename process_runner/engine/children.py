"""Children: executions of a process that another process calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from connector_sdk import Cancelled, ConnectorError, Document, DocumentError, Payload, ProcessError
from process_runner.engine.clients import PluginDefect
from process_runner.engine.execution import Execution
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.options import Options
from process_runner.engine.origins import numbers
from process_runner.engine.passage import Passage, Reason
from process_runner.engine.step import Step
from process_runner.expressions import Expression, Scope
from process_runner.language.project import Process

log = logging.getLogger("process_runner")

TOO_DEEP = "TooDeep"
DEEPEST = 20
"""Processes that may be under way inside each other."""


@dataclass(frozen=True)
class Called:
    """Which process is called, and how; `shared` are the process properties that it gets and changes."""

    process: Process
    parameters: Mapping[str, Expression]
    shared: dict[str, str]
    abort: bool


class Children:
    """The executions of one process for one group. Their documents keep the ids that they have in the caller."""

    def __init__(self, called: Called, flow: Flow) -> None:
        self._called = called
        self._flow = flow
        self._caller = flow.execution
        self._passage = Passage(flow.execution.runtime)
        if self._caller.depth >= DEEPEST:
            name = called.process.name
            raise ProcessError(f"process '{name}' is called {DEEPEST} calls deep, which is the limit", TOO_DEEP)

    def run_once(self, documents: DocumentGroup) -> None:
        """One execution, with all the documents; its parameters are those of the first."""
        for scope in self._flow.scopes(documents.part(0, 1)):
            if (given := self._given(scope, range(len(documents)))) is not None:
                self._run(self._options(given, documents=self._passage.enter(enumerate(documents))))

    def run_each(self, documents: DocumentGroup) -> None:
        """An execution for each document."""
        for scope in self._flow.scopes(documents):
            number, document = scope.index - 1, scope.document
            if (given := self._given(scope, [number])) is not None:
                origins = self._passage.marked(number, document).origins
                self._run(self._options(given, first=Document(Payload(b""), id=document.id, origins=origins)))

    def settle(self, documents: Iterable[Document], fail: Callable[[Document, DocumentError], None]) -> None:
        """Fail the caller's documents of which something failed."""
        self._passage.settle()
        for number, document in enumerate(documents if self._passage.failed else ()):
            if number in self._passage.failed:
                reason = self._passage.reason(number)
                fail(document, DocumentError(reason.message, reason.code))

    def passed(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The caller's documents of which nothing failed."""
        return (document for number, document in enumerate(documents) if number not in self._passage.failed)

    def returned(self, label: str) -> Iterator[Document]:
        """What was returned under a label and belongs to no document that failed."""
        return self._passage.left(("return", label))

    def _given(self, scope: Scope, numbers: Iterable[int]) -> dict[str, str] | None:
        try:
            return {name: expression.text(scope) for name, expression in self._called.parameters.items()}
        except DocumentError as error:
            self._passage.refuse(numbers, Reason(str(error), error.code, ""))
            return None

    def _options(
        self, given: Mapping[str, str], documents: Iterable[Document] = (), first: Document | None = None
    ) -> Options:
        outer = self._caller.options
        return outer._replace(
            documents=documents,
            process_properties={**self._called.shared, **given},
            returned=lambda label, document: self._passage.leave(("return", label), [document]),
            failed=self._failed,
            first=first or outer.first,
        )

    def _run(self, options: Options) -> None:
        child = Execution(self._caller.project, self._called.process, self._caller.runtime, options, self._flow.walker)
        child.run()
        self._flow.count.caught += child.report.caught
        self._flow.walker.check()
        before = options.process_properties
        after = child.facts.process_properties
        self._called.shared.update({name: value for name, value in after.items() if before.get(name) != value})
        if child.halted is not None:
            self._halted(child, child.halted)
        if child.report.warned:
            self._caller.report.warned = True

    def _failed(self, document: Document, step: Step, error: DocumentError) -> None:
        if self._called.abort:
            reason = Reason(self._told(step.label, error), error.code, step.label)
            self._passage.refuse(numbers(document.origins), reason)
        else:
            self._caller.report.warned = True

    def _halted(self, child: Execution, error: Exception) -> None:
        """Pass on what stopped the child, unless its caller is to go on; a defect always stops everything."""
        if isinstance(error, Cancelled) or not isinstance(error, ConnectorError):
            raise error
        code = getattr(error, "code", "ProcessError")
        told = str(error) if code == TOO_DEEP else self._told(child.report.failures[-1].step, error)
        if isinstance(error, PluginDefect):
            raise PluginDefect(told, code) from error
        if self._called.abort:
            raise ProcessError(told, code) from error
        self._caller.report.warned = True

    def _told(self, step: str, error: Exception) -> str:
        return f"process '{self._called.process.name}', step '{step}': {error}"
