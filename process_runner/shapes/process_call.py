"""process_call: runs another process of the project."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator

from connector_sdk import Cancelled, Document, DocumentError, setting
from process_runner.engine.children import Called, Children
from process_runner.engine.counts import Counts
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, Shape, Steps, walk
from process_runner.engine.walker import StopProcess, Walker
from process_runner.expressions import Expression
from process_runner.language.place import suggestion
from process_runner.language.project import Process, Project
from process_runner.shapes.return_documents import ReturnDocuments
from process_runner.shapes.start import takes_documents

log = logging.getLogger("process_runner")


class ProcessCall(Shape):
    """Runs another process: once for the whole group where it starts with `passthrough`, else once per document. What
    it returns goes on, one label after the other; where it returns nothing the documents themselves go on.
    """

    process: str = setting("Name of a process of the project.", schema={"x-name-of": "processes"})
    wait: bool = setting("Go on when it has ended; without, it runs beside this process.", True)
    abort_on_failure: bool = setting(
        "Fail the documents of which something failed in it, and stop when it was stopped by an error.", True
    )
    parameters: dict[str, Expression] = setting("Process properties for it.", {})
    returns: dict[str, Steps] = setting("Paths for what it returns, by label.", {})

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup | Iterator[Leg]:
        """What was returned, label by label, or the documents where nothing can be."""
        process = flow.execution.project.processes[self.process]
        result = flow.group()
        if not self.wait:
            self._beside(process, documents, flow)
            flow.pass_on(documents, result)
            return result
        children = Children(self._called(process, flow.execution.facts.process_properties), flow)
        with flow.inside():
            _run(children, process, documents)
        children.settle(documents, flow.fail)
        labels = _labels(process)
        if not labels:
            flow.pass_on(children.passed(documents), result)
            return result
        return self._returned(labels, children, flow)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Labels under which the process returns nothing."""
        if self.process not in project.processes:
            return
        labels = _labels(project.processes[self.process])
        for label in self.returns:
            if label not in labels:
                there = suggestion(label, labels) or "; it returns nothing"
                yield Fault(("returns", label), f"process '{self.process}' returns no '{label}'{there}", at_key=True)
            elif not self.wait:
                yield Fault(("returns", label), "a process that is not waited for returns nothing", at_key=True)

    def _returned(self, labels: Iterable[str], children: Children, flow: Flow) -> Iterator[Leg]:
        for label in labels:
            group = flow.group()
            group.extend(children.returned(label))
            yield flow.follow(self.returns.get(label, ()), group)

    def _called(self, process: Process, shared: dict[str, str]) -> Called:
        return Called(process, self.parameters, shared, self.abort_on_failure and self.wait)

    def _beside(self, process: Process, documents: DocumentGroup, flow: Flow) -> None:
        """Have the process run in the background. Its failures show as a warning in the caller's outcome."""
        execution = flow.execution
        walker = Walker(execution, Counts({flow.step.label: flow.step.kind}))
        apart = Flow(walker, flow.step, walker.counts.of(flow.step.label), flow.rest)
        children = Children(self._called(process, dict(execution.facts.process_properties)), apart)

        def refused(document: Document, error: DocumentError) -> None:
            log.error("process '%s' was not called for document %s: %s", process.name, document.id, str(error))
            execution.report.warned = True

        def work() -> None:
            try:
                _run(children, process, documents)
                children.settle(documents, refused)
            except Cancelled:
                log.warning("process '%s' was ended", process.name)
                raise
            except StopProcess:
                log.warning("process '%s' was ended", process.name)
            except Exception as error:  # noqa: BLE001  # nobody waits for it: its defect ends in the outcome
                log.error("process '%s' beside this one stopped: %s", process.name, str(error))
                execution.outermost.report.defect = "".join(traceback.format_exception(error))

        execution.background.begin(work)


def _run(children: Children, process: Process, documents: DocumentGroup) -> None:
    if takes_documents(process):
        children.run_once(documents)
    else:
        children.run_each(documents)


def _labels(process: Process) -> list[str]:
    """The labels of its return steps, in the order of the steps."""
    shapes = (step.shape for step in walk(process.steps))
    return list(dict.fromkeys(shape.label for shape in shapes if isinstance(shape, ReturnDocuments)))
