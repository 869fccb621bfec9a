"""Mocks: connector steps that answer with what a test says. All else about them happens as in a real run."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from connector_sdk import (
    ApplicationError,
    Connection,
    Document,
    DocumentError,
    Operation,
    ProcessError,
    Request,
    Runtime,
    Settings,
)
from connector_sdk.settings import fields, given, replaced
from process_runner.components.reserved import ConnectionKeys
from process_runner.engine.call import Call
from process_runner.engine.step import Step, walk
from process_runner.language.project import Connected, Operated, Process, Project
from process_runner.testing.cases import Answer
from process_runner.testing.contents import as_document

_ERRORS = {"document": DocumentError, "application": ApplicationError, "process": ProcessError}


def calls(project: Project, process: Process) -> dict[str, Call]:
    """The calls of the process's steps by their labels, and those of the other processes by `PROCESS/LABEL`."""
    found = {}
    for each in project.processes.values():
        for step in walk(each.steps):
            for name in fields(step.shape):
                if isinstance(value := getattr(step.shape, name), Call):
                    found[_key(each, process, step.label)] = value
    return found


def mocked(project: Project, process: Process, mocks: Mapping[str, tuple[Answer, ...]]) -> Project:
    """The project with these steps answering from the test; no step archives anything."""
    connections = dict(project.connections)
    operations = {name: _unarchived(each) for name, each in project.operations.items()}
    for key, call in calls(project, process).items():
        if key in mocks:
            name, real = _name(key), operations[call.operation]
            answers = _Answers(answers=mocks[key])
            connections[name] = Connected(name, real.connector, answers, real.place, ConnectionKeys(), replaced=True)
            operations[name] = real._replace(name=name, operation=_canned(real.operation))
    processes = {}
    for each in project.processes.values():
        labels = {step.label: _key(each, process, step.label) for step in walk(each.steps)}
        names = {label: _name(key) for label, key in labels.items() if key in mocks}
        processes[each.name] = each._replace(steps=_changed(each.steps, None, names))
    return project._replace(connections=connections, operations=operations, processes=processes)


def _unarchived(operated: Operated) -> Operated:
    return operated._replace(keys=replaced(operated.keys, archiving=None))


def _key(process: Process, tested: Process, label: str) -> str:
    return label if process.name == tested.name else f"{process.name}/{label}"


def _name(key: str) -> str:
    return f"the mock of '{key}'"


class _Answers(Connection["_Turns"]):
    """A connection that opens answers instead of a system."""

    answers: tuple[Answer, ...]

    def open(self, runtime: Runtime) -> _Turns:
        return _Turns(self.answers)


class _Turns:
    """Answers in turn, the last one again and again; safe for threads."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._answers = answers
        self._given = 0
        self._lock = threading.Lock()

    def next(self) -> Answer:
        with self._lock:
            self._given += 1
            return self._answers[min(self._given, len(self._answers)) - 1]


class _Canned(Operation[_Turns], takes_any=True):
    """Any operation's options, and the answers of a test."""

    real: ClassVar[Operation[Any]]

    def execute(self, client: _Turns, request: Request) -> Iterator[Document]:
        answer = client.next()
        if answer.fails:
            raise _ERRORS[answer.fails.of](answer.fails.message, answer.fails.code)
        for written in answer.returns or ():
            given = as_document(written).document()
            before = request.document
            tracked = {**before.tracked, **given.tracked}
            yield before.replace(
                payload=given.payload, properties={**before.properties, **given.properties}, tracked=tracked
            )

    def __reduce__(self) -> Any:
        return _canned, (self.real,)


def _canned(real: Operation[Any]) -> Operation[Any]:
    facts = {"action": real.action, "inputs": real.inputs, "sets": real.sets, "real": real, "__module__": __name__}
    kind: Any = type("Canned", (_Canned,), facts)
    made: Operation[Any] = kind(**{name: getattr(real, name) for name in given(real)})
    return made


def _changed(value: Any, name: str | None, names: Mapping[str, str]) -> Any:
    """A part of a step in which calls lead to mocks: that of the step itself to `name`, others by their labels.

    What holds no such call is given back as it is, so that settings still know which of them were written.
    """
    if isinstance(value, Step):
        shape = _changed(value.shape, names.get(value.label), names)
        return value if shape is value.shape else replace(value, shape=shape)
    if isinstance(value, Call):
        update = {"connection": name, "operation": name, "concurrency": None}
        return replaced(value, **update) if name else value
    if isinstance(value, tuple):
        changed = tuple(_changed(each, name, names) for each in value)
        return changed if any(one is not other for one, other in zip(changed, value, strict=True)) else value
    if isinstance(value, Mapping):
        inside = {key: _changed(each, name, names) for key, each in value.items()}
        return inside if any(inside[key] is not value[key] for key in value) else value
    if isinstance(value, Settings):
        held = {field: getattr(value, field) for field in fields(value)}
        update = {field: new for field, old in held.items() if (new := _changed(old, name, names)) is not old}
        return replaced(value, **update) if update else value
    return value
