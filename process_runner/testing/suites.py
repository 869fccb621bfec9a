"""Suites: every test of some files, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from process_runner.language.loader import Source, load
from process_runner.language.project import Project
from process_runner.plugins import Registry
from process_runner.redaction import Redaction
from process_runner.testing.coverage import Coverage
from process_runner.testing.differences import differences
from process_runner.testing.objects import Objects
from process_runner.testing.reading import File
from process_runner.testing.running import run

NOWHERE: Mapping[str, Any] = MappingProxyType(
    {
        "connector": "s3",
        "endpoint_url": "http://127.0.0.1:9",
        "access_key": "none",
        "secret_key": "none",
        "retry": {"waits": []},
    }
)
"""Settings of every S3 connection where a test has no sandbox: no test reaches an account."""


@dataclass(frozen=True)
class Verdict:
    """How one test went; `differences` is empty where it passed."""

    file: Path
    name: str
    differences: tuple[str, ...]
    seconds: float


@dataclass
class Suites:
    """Runs tests; the sandbox is started for the first test that has one, and kept until `close`."""

    registry: Registry
    coverage: Coverage = field(default_factory=Coverage)
    _stack: ExitStack = field(default_factory=ExitStack)
    _server: tuple[Mapping[str, Any], Objects] | None = None

    def run(self, file: File) -> Iterator[Verdict]:
        """The verdicts of a file's tests; InvalidProject where it or its project is wrong."""
        projects: dict[bool, Project] = {}
        for case in file.suite.tests:
            with_sandbox = case.sandbox is not None
            if with_sandbox not in projects:
                projects[with_sandbox] = self._loaded(file, with_sandbox)
            project = projects[with_sandbox]
            process = file.process(project)
            started = time.perf_counter()
            objects = self._sandbox()[1] if with_sandbox else None
            redact = Redaction(project.secrets)
            ran = run(case, project, process, _folder(file.project), objects, redact=redact)
            self.coverage.add(process, ran.report)
            found = tuple(redact(each) for each in differences(case, ran))
            yield Verdict(file.path, case.name, found, time.perf_counter() - started)

    def close(self) -> None:
        """Stop the sandbox."""
        self._stack.close()

    def _loaded(self, file: File, with_sandbox: bool) -> Project:
        settings = self._sandbox()[0] if with_sandbox else NOWHERE
        return load(Source((file.project,), file.extensions, replaced_connections={"s3": settings}), self.registry)

    def _sandbox(self) -> tuple[Mapping[str, Any], Objects]:
        if self._server is None:
            from process_runner.sandbox import sandbox

            server = self._stack.enter_context(sandbox())
            self._server = server.connection, Objects()
        return self._server


def _folder(project: Path) -> Path:
    return project if project.is_dir() else project.parent
