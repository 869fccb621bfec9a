"""flow_control: runs the rest of the path in several fibers, and in batches."""

from __future__ import annotations

from collections.abc import Iterator

from connector_sdk import setting
from process_runner.engine.fibers import Fibers, Work, batches, sliced
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.leg import Leg
from process_runner.engine.step import Fault, Shape
from process_runner.engine.walker import Walker
from process_runner.language.project import Project


class FlowControl(
    Shape,
    schema={"x-some-of": ["threads", "processes", "batch"], "x-at-most-one-of": ["threads", "processes"]},
):
    """Runs the rest of the path over consecutive slices of the documents, all slices at once, each in batches that are
    finished one after the other.
    """

    threads: int | None = setting("How many slices, each in a thread of its own.", None, ge=1, le=256)
    processes: int | None = setting("How many slices, each in an operating system process.", None, ge=1, le=64)
    batch: int | None = setting("Documents in a batch; all of the slice if absent.", None, ge=1)

    def run(self, documents: DocumentGroup, flow: Flow) -> Iterator[Leg]:
        """The rest of the path, in this thread where one slice is all there is."""
        slices = sliced(documents, self.processes or self.threads or 1)
        if len(slices) == 1 and not self.processes:
            for batch in batches(documents, self.batch):
                yield flow.go_on(batch)
            return
        flow.leave(documents)
        with flow.inside():
            Fibers(flow, self.batch, self._work(flow)).run(slices)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Threads and processes at once, or nothing at all."""
        if self.threads and self.processes:
            yield Fault((), "'threads' and 'processes' exclude each other")
        if not (self.threads or self.processes or self.batch):
            yield Fault((), "missing 'threads', 'processes' or 'batch'")

    def _work(self, flow: Flow) -> Work:
        def here(_: int, walker: Walker, documents: DocumentGroup) -> None:
            walker.walk(flow.rest.go_on(walker, documents))

        def elsewhere(fiber: int, walker: Walker, documents: DocumentGroup) -> None:
            with flow.execution.workers.lent(flow.step.label, fiber, flow.rest.steps) as worker:
                worker.run(walker, documents, flow.rest)

        return elsewhere if self.processes and flow.rest.steps else here
