"""Runs a process from the text of its steps, and tells everything that can be seen of it."""

from __future__ import annotations

import json
import logging
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.execution import Execution, Options
from process_runner.engine.report import Report
from process_runner.language.loader import Source, load
from process_runner.language.project import Project
from process_runner.plugins import Registry, Shapes

sys.path.insert(0, str(Path(__file__).parent))  # worker processes import the connector by its name

from recording_connector import RECORDING

HEAD = """\
connections:
  rec: {connector: rec, journal: %s}
operations:
  write: {connector: rec, action: write}
  produce: {connector: rec, action: produce}
  produce-none: {connector: rec, action: produce, count: 0}
  produce-large: {connector: rec, action: produce, count: 1, size: 100000}
  tracked: {connector: rec, action: write, tracking: {text: "{{ document.text }}"}}
  look: {connector: rec, action: look}
  look-and-archive: {connector: rec, action: look, archiving: {folder: archive}}
  look-and-cache: {connector: rec, action: look, caching: {cache: seen, key: "{{ document.id }}"}}
  look-and-track: {connector: rec, action: look, tracking: {text: "{{ document.text }}"}}
  look-and-weigh: {connector: rec, action: look, tracking: {size: "{{ document.size }}"}}
  archive: {connector: rec, action: write, archiving: {folder: archive}}
  rewrite: {connector: rec, action: rewrite}
  pages: {connector: rec, action: pages, sizes: [2]}
  batch: {connector: rec, action: write_batch}
  batch-that-forgets: {connector: rec, action: write_batch, forgets: true}
processes:
"""
RECORD = re.compile(r"(RECORD|PRODUCE|FAIL|REFUSE|HALT|CRASH|STOP|DIE) (\w+)(?: (\w+)(?: (\d+))?)?")


def _connector(match: re.Match[str]) -> str:
    """`FAIL A b 2`: record as A, and fail the document with text b twice."""
    kind, at, text, times = match.groups()
    parameters = [f"at: {at}"]
    if text:
        parameters.append(f"{kind.lower()}: \"{{{{ document.text == '{text}' }}}}\"")
    if times:
        parameters.append(f"times: {times}")
    operation = "produce" if kind == "PRODUCE" else "write"
    return f"connector: {{connection: rec, operation: {operation}, parameters: {{{', '.join(parameters)}}}}}"


@dataclass
class Ran:
    """What can be seen of an execution."""

    report: Report
    execution: Execution
    journal: list[dict[str, str]]
    returned: list[tuple[str, Document]]
    log: list[str]
    left_behind: list[str] = field(default_factory=list)

    @property
    def effects(self) -> list[str]:
        """What the recording connector did, in order."""
        return [line["text"] for line in self.journal if line["kind"] == "effect"]

    @property
    def failures(self) -> list[tuple[str, str | None, str]]:
        """Step, document and code of each failure."""
        return [(each.step, each.document, each.code) for each in self.report.failures]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Documents in, out and failed."""
        return self.report.documents_in, self.report.documents_out, self.report.documents_failed

    def texts(self, label: str = "default") -> list[str]:
        """The contents returned under a label."""
        return [document.payload.read().decode() for name, document in self.returned if name == label]

    def times(self, kind: str) -> int:
        """How often the journal was opened or closed."""
        return sum(line["kind"] == kind for line in self.journal)

    def step(self, label: str) -> tuple[int, int, int]:
        """What went into a step, out of it, and failed there."""
        count = next(each for each in self.report.steps if each.step == label)
        return count.documents_in, count.documents_out, count.failed


@pytest.fixture
def registry() -> Registry:
    """The recording connector and every shape."""
    return Registry({"rec": RECORDING}, Shapes())


@pytest.fixture
def project(registry: Registry, tmp_path: Path) -> Callable[..., Project]:
    """A project of processes by name, each the text of its steps, with what an extensions file overrides."""

    def make(extensions: str = "", **processes: str) -> Project:
        text = HEAD % (tmp_path / "journal")
        for name, steps in processes.items():
            body = RECORD.sub(_connector, textwrap.dedent(steps).strip("\n"))
            text += f"  {name.replace('_', '-')}:\n    steps:\n" + textwrap.indent(body, " " * 6) + "\n"
        (tmp_path / "process.yaml").write_text(text)
        (tmp_path / "here.env.yaml").write_text(textwrap.dedent(extensions))
        overriding = tmp_path / "here.env.yaml" if extensions else None
        return load(Source((tmp_path / "process.yaml",), overriding, environment={}), registry)

    return make


@pytest.fixture
def run(project: Callable[..., Project], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Callable[..., Ran]:
    """Run the steps on documents with these contents; `processes` are others of the same project."""

    def go(
        steps: str,
        inputs: Iterable[str | Document] = ("a", "b", "c"),
        *,
        start: str = "- start: passthrough\n",
        runtime: Callable[[Path], LocalRuntime] = LocalRuntime,
        properties: dict[str, str] | None = None,
        extensions: str = "",
        **processes: str,
    ) -> Ran:
        caplog.set_level(logging.INFO)
        caplog.clear()
        made = project(extensions, main=start + textwrap.dedent(steps).strip("\n"), **processes)
        journal, folder = tmp_path / "journal", tmp_path / "temporary"
        journal.write_text("")
        folder.mkdir(exist_ok=True)
        returned: list[tuple[str, Document]] = []
        documents = [Document(Payload(each.encode())) if isinstance(each, str) else each for each in inputs]
        options = Options(documents, properties or {}, lambda label, document: returned.append((label, document)))
        execution = Execution(made, made.processes["main"], runtime(folder), options)
        report = execution.run()
        lines = [json.loads(line) for line in journal.read_text().splitlines()]
        log = [record.getMessage() for record in caplog.records if record.name != "process_runner.caught"]
        return Ran(report, execution, lines, returned, log, [each.name for each in folder.iterdir()])

    return go
