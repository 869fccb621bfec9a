"""Running a test: one execution, with everything that it did kept for the judgement."""

from __future__ import annotations

import logging
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.execution import Execution
from process_runner.engine.options import Options, now
from process_runner.engine.report import Report
from process_runner.expressions import text_of
from process_runner.language.project import Process, Project
from process_runner.redaction import Redaction
from process_runner.store import State
from process_runner.testing.cases import Answer, Case, Refusal
from process_runner.testing.contents import as_document
from process_runner.testing.mocks import calls, mocked
from process_runner.testing.objects import Objects

NOTIFY = logging.getLogger("process_runner.notify")
_S3 = "s3"


@dataclass
class Ran:
    """What an execution did."""

    report: Report
    returned: dict[str, list[Document]] = field(default_factory=dict)
    notifications: list[tuple[str, str]] = field(default_factory=list)
    objects: Objects | None = None


def run(
    case: Case, project: Project, process: Process, folder: Path, objects: Objects | None, *, redact: Redaction
) -> Ran:
    """Run the process as the test says, in the project's folder; `objects` is the sandbox, where the test has one."""
    if case.sandbox and objects:
        buckets = case.sandbox.buckets.items()
        objects.reset({name: {key: as_document(each).content for key, each in keys.items()} for name, keys in buckets})
    mocks = {label: each if isinstance(each, tuple) else (each,) for label, each in case.mocks.items()}
    if not case.sandbox:
        mocks = _without_account(project, process) | mocks
    changed = mocked(project, process, mocks)
    with ExitStack() as stack:
        runtime = LocalRuntime(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="process-test-"))))
        state = State(f"sqlite:///{runtime.folder / 'state.sqlite'}")
        stack.callback(state.close)
        returned: dict[str, list[Document]] = {}
        options = _options(case, state, returned, redact)
        execution = Execution(changed, changed.processes[process.name], runtime, options)
        stack.enter_context(chdir(folder))
        notifications = stack.enter_context(_heard())
        report = execution.run()
        kept = {label: [_kept(each) for each in documents] for label, documents in returned.items()}
    return Ran(report, kept, notifications, objects if case.sandbox else None)


def _options(case: Case, state: State, returned: dict[str, list[Document]], redact: Redaction) -> Options:
    return Options(
        documents=[as_document(each).document() for each in case.input],
        process_properties={name: text_of(value) for name, value in case.process_properties.items()},
        returned=lambda label, document: returned.setdefault(label, []).append(document),
        clock=now if case.clock is None else partial(_always, case.clock),
        state=state,
        redaction=redact,
        new_uuid=uuid4 if case.seed is None else _Seeded(case.seed),
    )


def _always(moment: datetime) -> datetime:
    return moment


class _Seeded:
    """Gives the same random UUIDs in every run; each worker process begins anew."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # repeatable on purpose

    def __call__(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


def _without_account(project: Project, process: Process) -> dict[str, tuple[Answer, ...]]:
    """Refusals for the steps that would call S3, so that no test ever reaches an account."""
    refused: dict[str, tuple[Answer, ...]] = {}
    for label, call in calls(project, process).items():
        if project.operations[call.operation].connector.id == _S3:
            text = f"the test has no answer for step '{label}'; give it one under 'mocks', or a 'sandbox'"
            refused[label] = (Answer(fails=Refusal(message=text, code="NotMocked", of="process")),)
    return refused


def _kept(document: Document) -> Document:
    """The document with its content in memory, as temporary files go with the run."""
    return document.replace(payload=Payload(document.payload.read()))


@contextmanager
def _heard() -> Iterator[list[tuple[str, str]]]:
    """What notify steps write while the context lasts: level and text."""
    lines: list[tuple[str, str]] = []

    class Ear(logging.Handler):
        """Keeps lines."""

        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.levelname.lower(), record.getMessage()))

    ear, level = Ear(), NOTIFY.level
    NOTIFY.addHandler(ear)
    NOTIFY.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        NOTIFY.removeHandler(ear)
        NOTIFY.setLevel(level)
