"""Rules about tracked properties: what is declared is what is read and set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connector_sdk.testing.bench import Bench, fresh, good, operation_of
from connector_sdk.testing.case import Case, Sample, Subject
from connector_sdk.testing.finding import Broken

STALE = "set by an earlier step"


def tracked_properties_are_declared(subject: Subject) -> None:
    """`sets` is what editors and checks know of an action's answers."""
    for action, operation in subject.connector.actions.items():
        seen: set[str] = set()
        for case in subject.cases_of(action):
            found, cleared = _set_by(subject, case)
            if undeclared := found - set(operation.sets):
                raise Broken(f"{case} sets what `sets` does not name: {_listed(undeclared)}")
            if case.tracks is not None and found != set(case.tracks):
                raise Broken(f"{case} sets {_listed(found)}, and not {_listed(set(case.tracks))}")
            seen |= found | cleared
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


def _set_by(subject: Subject, case: Case) -> tuple[set[str], set[str]]:
    """What the answer carries, and what it was freed of that its document brought along."""
    prefix = f"{subject.connector.id}."
    declared = {prefix + name for name in subject.connector.actions[case.action].sets}
    carried: set[str] = set()
    kept = set(declared)
    with fresh(subject) as bench:
        (outcome,) = bench.serve(case, _with_stale(subject, case))
        before = outcome.request.document.tracked
        for document in outcome.documents:
            kept &= {name for name, value in document.tracked.items() if value == STALE}
            for name, value in document.tracked.items():
                if not isinstance(value, str):
                    raise Broken(f"{case} sets {name} to a value of type {type(value).__name__}; texts are kept")
                is_new = name in declared or before.get(name) != value
                if is_new and value != STALE and not name.startswith("meta."):
                    carried.add(name.removeprefix(prefix))
    cleared = {name.removeprefix(prefix) for name in declared - kept} if outcome.documents else set()
    return carried, cleared - carried


def _with_stale(subject: Subject, case: Case) -> Sample:
    """The good document after an earlier step that has set everything that this one sets."""
    operation = subject.connector.actions[case.action]
    made = good(case)
    stale = dict.fromkeys(set(operation.sets) - set(operation.reads), STALE)
    return replace(made, tracked={**stale, **made.tracked})


def _read_by(subject: Subject, case: Case) -> set[str]:
    prefix = f"{subject.connector.id}."
    with fresh(subject) as bench:
        watched = _serve_watched(bench, subject, case)
    return {name.removeprefix(prefix) for name in watched.asked if name.startswith(prefix)}


def _serve_watched(bench: Bench, subject: Subject, case: Case) -> Watched:
    operation = operation_of(subject, case)
    request = bench.request(operation, good(case))
    watched = Watched(request.document.tracked)
    list(bench.outcomes(operation, [replace(request, document=request.document.replace(tracked=watched))]))
    return watched


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
