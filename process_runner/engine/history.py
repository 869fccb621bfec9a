"""What an execution takes from the store when it begins, and leaves there when it ends."""

from __future__ import annotations

from collections.abc import Mapping

from process_runner.engine.call import Call
from process_runner.engine.step import walk
from process_runner.expressions import Facts, reads, templates
from process_runner.language.project import Process, Project


class History:
    """The runs and the persisted properties of one process; the store is opened only where the process uses them."""

    def __init__(self, project: Project, process: Process, facts: Facts, given: Mapping[str, str]) -> None:
        self._facts = facts
        self._given = given
        shapes = [step.shape for step in walk(process.steps)]
        self._persists = any(getattr(shape, "persists", False) for shape in shapes)
        calls = [value for shape in shapes for value in vars(shape).values() if isinstance(value, Call)]
        settings = [*shapes, *(project.operations[call.operation].keys for call in calls)]
        self._asks = any(_asks(template.source) for each in settings for template in templates(each))

    def begin(self) -> None:
        """Fill the facts. Persisted properties win over those of the project, given ones over both."""
        facts = self._facts
        if self._persists:
            facts.process_properties.update({**facts.store().properties(facts.process), **self._given})
        if self._asks:
            facts.runs = facts.store().runs(facts.process)
            facts.store().began(facts.process, facts.started)

    def end(self, *, well: bool) -> None:
        """Record a run that ended well."""
        if self._asks and well:
            self._facts.store().succeeded(self._facts.process, self._facts.started)


def _asks(source: object) -> bool:
    if "execution" not in str(source):
        return False
    names = reads(source, "execution")
    return None in names or bool(names & {"last_run", "last_successful_run"})
