"""Running a test: one execution, with everything that it did kept for the judgement."""

from __future__ import annotations

import logging
import random
import tempfile
from collections.abc import Iterator, Mapping
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
from process_runner.testing.cases import Case
from process_runner.testing.contents import as_document
from process_runner.testing.folders import Folders
from process_runner.testing.mocks import mocked
from process_runner.testing.systems import Server, connected, filled

NOTIFY = logging.getLogger("process_runner.notify")


@dataclass
class Ran:
    """What an execution did."""

    report: Report
    returned: dict[str, list[Document]] = field(default_factory=dict)
    notifications: list[tuple[str, str]] = field(default_factory=list)
    objects: Mapping[str, Mapping[str, bytes]] | None = None
    files: Mapping[str, Mapping[str, bytes]] | None = None


def run(
    case: Case, project: Project, process: Process, folder: Path, server: Server | None, *, redact: Redaction
) -> Ran:
    """Run the process as the test says, in the project's folder; `server` is the sandbox's, where the test has one."""
    mocks = {label: each if isinstance(each, tuple) else (each,) for label, each in case.mocks.items()}
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="process-test-")))
        folders = filled(case, project.connections, server, place / "files")
        led = project._replace(connections=connected(case, project.connections, server, folders))
        changed = mocked(led, process, mocks)
        runtime = LocalRuntime(place)
        state = State(f"sqlite:///{runtime.folder / 'state.sqlite'}")
        stack.callback(state.close)
        returned: dict[str, list[Document]] = {}
        options = _options(case, state, returned, redact)
        execution = Execution(changed, changed.processes[process.name], runtime, options)
        stack.enter_context(chdir(folder))
        notifications = stack.enter_context(_heard())
        report = execution.run()
        return Ran(report, returned, notifications, *_stored(case, server, folders))


def _stored(case: Case, server: Server | None, folders: Folders) -> Iterator[dict[str, dict[str, bytes]] | None]:
    """What is in the buckets and in the folders of which the test says something; None without a sandbox."""
    objects, files = case.expect.objects or (), case.expect.files or ()
    yield {name: server.objects.content(name) for name in objects} if case.sandbox and server else None
    yield {name: folders.content(name) for name in files} if case.sandbox else None


def _options(case: Case, state: State, returned: dict[str, list[Document]], redact: Redaction) -> Options:
    return Options(
        documents=[as_document(each).document() for each in case.input],
        process_properties={name: text_of(value) for name, value in case.process_properties.items()},
        returned=lambda label, document: returned.setdefault(label, []).append(_kept(document)),
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


def _kept(document: Document) -> Document:
    """The document with its content in memory, as temporary files go with the run, and connections with its end."""
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
