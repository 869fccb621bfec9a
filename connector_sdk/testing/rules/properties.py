"""Rules about tracked properties: what is declared is what is read and set."""

from __future__ import annotations

from typing import Any

from connector_sdk.testing.bench import Bench, fresh, good, operation_of
from connector_sdk.testing.case import Case, Subject
from connector_sdk.testing.finding import Broken


def tracked_properties_are_declared(subject: Subject) -> None:
    """`sets` is what editors and checks know of an action's answers."""
    for action, operation in subject.connector.actions.items():
        seen: set[str] = set()
        for case in subject.cases_of(action):
            found = _set_by(subject, case)
            if undeclared := found - set(operation.sets):
                raise Broken(f"{case} sets what `sets` does not name: {_listed(undeclared)}")
            if case.tracks is not None and found != set(case.tracks):
                raise Broken(f"{case} sets {_listed(found)}, and not {_listed(set(case.tracks))}")
            seen |= found
        if subject.cases_of(action) and (never := set(operation.sets) - seen):
            raise Broken(f"{action} declares in `sets`, and sets in no case: {_listed(never)}")


def reads_are_declared(subject: Subject) -> None:
    """`reads` is how a process is told what an action takes from the steps before it."""
    for action, operation in subject.connector.actions.items():
        seen: set[str] = set()
        for case in subject.cases_of(action):
            seen |= _read_by(subject, case)
        if undeclared := seen - set(operation.reads):
            raise Broken(f"{action} reads what `reads` does not name: {_listed(undeclared)}")
        if subject.cases_of(action) and (never := set(operation.reads) - seen):
            raise Broken(f"{action} declares in `reads`, and takes in no case: {_listed(never)}")


class Watched(dict[str, str]):
    """Tracked properties that remember which of them somebody asked for by name."""

    def __init__(self, given: Any) -> None:
        super().__init__(given)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


def _set_by(subject: Subject, case: Case) -> set[str]:
    prefix = f"{subject.connector.id}."
    declared = {prefix + name for name in subject.connector.actions[case.action].sets}
    found: set[str] = set()
    with fresh(subject) as bench:
        outcome = bench.one(case)
        before = outcome.request.document.tracked
        for document in outcome.documents:
            for name, value in document.tracked.items():
                if not isinstance(value, str):
                    raise Broken(f"{case} sets {name} to a value of type {type(value).__name__}; texts are kept")
                if name in declared or (before.get(name) != value and not name.startswith("meta.")):
                    found.add(name.removeprefix(prefix))
    return found


def _read_by(subject: Subject, case: Case) -> set[str]:
    prefix = f"{subject.connector.id}."
    with fresh(subject) as bench:
        watched = _serve_watched(bench, subject, case)
    return {name.removeprefix(prefix) for name in watched.asked if name.startswith(prefix)}


def _serve_watched(bench: Bench, subject: Subject, case: Case) -> Watched:
    from dataclasses import replace

    operation = operation_of(subject, case)
    request = bench.request(operation, good(case))
    watched = Watched(request.document.tracked)
    list(bench.outcomes(operation, [replace(request, document=request.document.replace(tracked=watched))]))
    return watched


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
