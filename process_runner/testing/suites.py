"""Suites: every test of some files, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from process_runner.language.loader import Source, load
from process_runner.language.project import Project
from process_runner.plugins import Registry
from process_runner.redaction import Redaction
from process_runner.testing.cases import Case
from process_runner.testing.coverage import Coverage
from process_runner.testing.differences import differences
from process_runner.testing.objects import Objects
from process_runner.testing.reading import File
from process_runner.testing.running import run
from process_runner.testing.systems import PLACEHOLDERS, S3, Server


@dataclass(frozen=True)
class Verdict:
    """How one test went; `differences` is empty where it passed."""

    file: Path
    name: str
    differences: tuple[str, ...]
    seconds: float


@dataclass
class Suites:
    """Runs tests; the sandbox's server is started for the first test that needs it, and kept until `close`."""

    registry: Registry
    coverage: Coverage = field(default_factory=Coverage)
    _stack: ExitStack = field(default_factory=ExitStack)
    _server: Server | None = None

    def run(self, file: File) -> Iterator[Verdict]:
        """The verdicts of a file's tests; InvalidProject where it or its project is wrong."""
        projects: dict[frozenset[str], Project] = {}
        for case in file.suite.tests:
            project = self._project(file, case, projects)
            process = file.process(project)
            started = time.perf_counter()
            server = self._started() if _needs_server(case, project) else None
            redact = Redaction(project.secrets)
            ran = run(case, project, process, _folder(file.project), server, redact=redact)
            self.coverage.add(process, ran.report)
            found = tuple(redact(each) for each in differences(case, ran))
            yield Verdict(file.path, case.name, found, time.perf_counter() - started)

    def close(self) -> None:
        """Stop the sandbox."""
        self._stack.close()

    def _project(self, file: File, case: Case, loaded: dict[frozenset[str], Project]) -> Project:
        """The project with placeholders for what the sandbox replaces, except for connectors that are used for real."""
        nothing: frozenset[str] = frozenset()
        if nothing not in loaded:
            loaded[nothing] = self._loaded(file, nothing)
        known = loaded[nothing].connections
        real = frozenset(known[name].connector.id for name in case.real if name in known)
        if real not in loaded:
            loaded[real] = self._loaded(file, real)
        return loaded[real]

    def _loaded(self, file: File, real: frozenset[str]) -> Project:
        replaced = {kind: settings for kind, settings in PLACEHOLDERS.items() if kind not in real}
        return load(Source((file.project,), file.extensions, replaced_connections=replaced), self.registry)

    def _started(self) -> Server:
        if self._server is None:
            from process_runner.sandbox import sandbox

            server = self._stack.enter_context(sandbox())
            self._server = Server(server.connection, Objects())
        return self._server


def _needs_server(case: Case, project: Project) -> bool:
    if not case.sandbox:
        return False
    kinds = {each.connector.id for name, each in project.connections.items() if name not in case.real}
    return S3 in kinds or bool(case.sandbox.buckets or case.expect.objects)


def _folder(project: Path) -> Path:
    return project if project.is_dir() else project.parent
