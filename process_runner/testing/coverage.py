"""Coverage: steps and paths of the tested processes that no test reached."""

from __future__ import annotations

from collections.abc import Iterator

from process_runner.engine.report import Report
from process_runner.engine.step import Step, walk
from process_runner.language.project import Process
from process_runner.paths import paths_of


class Coverage:
    """What was reached, over any number of tests."""

    def __init__(self) -> None:
        self._processes: dict[tuple[str, str], Process] = {}
        self._reached: dict[tuple[str, str], set[str]] = {}

    def add(self, process: Process, report: Report) -> None:
        """Count a run of a process."""
        which = (process.place.file, process.name)
        self._processes[which] = process
        reached = {step.step for step in report.steps if step.documents_in}
        self._reached.setdefault(which, set()).update(reached)

    def gaps(self) -> Iterator[str]:
        """A line for each path and each step that was never reached; what is inside such a path is not told again."""
        for which, process in self._processes.items():
            yield from _gaps(process.steps, self._reached[which])

    def counts(self) -> tuple[int, int]:
        """How many steps were reached, and how many there are."""
        every = {which: {step.label for step in walk(process.steps)} for which, process in self._processes.items()}
        reached = sum(len(labels & self._reached[which]) for which, labels in every.items())
        return reached, sum(map(len, every.values()))


def _gaps(steps: tuple[Step, ...], reached: set[str]) -> Iterator[str]:
    for step in steps:
        if step.label not in reached:
            yield f"{step.place}: step '{step.label}'"
            continue
        for path in paths_of(step.shape):
            if path.steps and path.steps[0].label not in reached:
                yield f"{path.steps[0].place}: path '{path.name}' of '{step.label}'"
            else:
                yield from _gaps(path.steps, reached)
