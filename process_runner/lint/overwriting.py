"""Parts of one document that are written under one name."""

from __future__ import annotations

from collections.abc import Iterator

from process_runner.engine.call import Call
from process_runner.engine.step import Step
from process_runner.language.place import Problem
from process_runner.language.project import Operated, Project
from process_runner.paths import paths_of
from process_runner.shapes.data_process import DataProcess
from process_runner.shapes.set_properties import SetProperties, Value

NAMING = ("file_key", "file_name")
"""Tracked properties that name what an operation writes."""
SPLITTING = ("split", "unzip")
JOINING = ("combine", "zip")
FOREIGN = ("process_call", "retrieve_from_cache")
"""Shapes after which documents carry properties that come from elsewhere."""


def check(project: Project) -> Iterator[Problem]:
    """Writes of parts that all have the name of the document that they were split from."""
    for process in project.processes.values():
        path = _Path(project)
        path.follow(process.steps)
        yield from path.problems


class _Path:
    """Which tracked properties documents carry along a path; for those that parts share, the step that made them."""

    def __init__(self, project: Project, around: _Path | None = None) -> None:
        self.problems: list[Problem] = []
        self._project = project
        self._carried: set[str] = set(around._carried) if around else set()
        self._shared: dict[str, str] = dict(around._shared) if around else {}

    def follow(self, steps: tuple[Step, ...]) -> None:
        """Take steps in their order, and the paths inside of them."""
        for step in steps:
            self._enter(step)
            inside = [(_Path(self._project, self), path.steps) for path in paths_of(step.shape)]
            for path, taken in inside:
                path.follow(taken)
                self.problems += path.problems
                self._carried |= path._carried
                self._shared = {name: label for name, label in self._shared.items() if name in path._shared}

    def _enter(self, step: Step) -> None:
        if isinstance(step.shape, DataProcess):
            for operation in step.shape.operations:
                if operation.name in SPLITTING:
                    self._shared = dict.fromkeys(self._carried, step.label)
                elif operation.name in JOINING:
                    self._shared = {}
        elif isinstance(step.shape, SetProperties):
            self._set(step.shape)
        elif step.kind in FOREIGN or getattr(step.shape, "combine", False):
            self._shared = {}
        for call in vars(step.shape).values():
            if isinstance(call, Call):
                self._called(call, step)

    def _set(self, shape: SetProperties) -> None:
        for name, written in shape.properties.items():
            value = written.value if isinstance(written, Value) else written
            space, dot, _ = name.partition(".")
            if dot:
                self._carried.add(name)
            if dot and not value.constant:
                self._shared = {each: label for each, label in self._shared.items() if not each.startswith(f"{space}.")}

    def _called(self, call: Call, step: Step) -> None:
        operated = self._project.operations[call.operation]
        space = operated.connector.id
        names = [f"{space}.{name}" for name in NAMING if name in operated.operation.reads]
        one = next((name for name in names if name in self._shared), None)
        if one and _replaces(call, operated):
            apart = f"set it after that step, such as {{{{ document.index }}}}-{{{{ prop.{one} }}}}"
            text = (
                f"the parts that '{self._shared[one]}' makes of a document have one {one}, and replace each other here"
            )
            self.problems.append(Problem(step.place, f"{text}; {apart}"))
        for name in operated.operation.sets:
            self._carried.add(f"{space}.{name}")
            self._shared.pop(f"{space}.{name}", None)


def _replaces(call: Call, operated: Operated) -> bool:
    """Whether what is there under the name is lost."""
    mode = getattr(operated.operation, "if_exists", None)
    return mode == "overwrite" and "if_exists" not in call.dynamic and not call.parameters
