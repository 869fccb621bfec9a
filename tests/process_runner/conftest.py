"""Processes as texts: written to a file, loaded and run as the command line would."""

import textwrap
from dataclasses import dataclass, field

import pytest

from connector_sdk.runtime import LocalRuntime
from process_runner import plugins
from process_runner.engine.execution import Execution, Options
from process_runner.engine.report import Report
from process_runner.language.loader import Source, load


@dataclass
class Outcome:
    """What a process did: its report, and the documents it returned by label."""

    report: Report
    returned: dict[str, list] = field(default_factory=dict)

    @property
    def texts(self):
        """The contents of all returned documents, in the order they were returned."""
        return [document.payload.read().decode() for documents in self.returned.values() for document in documents]

    @property
    def messages(self):
        """What each failure says."""
        return [failure.message for failure in self.report.failures]


@pytest.fixture(scope="session")
def registry():
    """Everything installed."""
    return plugins.load()


@pytest.fixture
def project(registry, tmp_path):
    """Loads a project from the text of its one file."""

    def load_text(text, **source):
        path = tmp_path / "project" / "project.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load(Source((path,), **source), registry)

    return load_text


@pytest.fixture
def run(project, tmp_path):
    """Runs the first process of a project, given as text or loaded."""
    numbers = iter(range(1, 1_000_000))

    def run_text(text, **options):
        loaded = project(text) if isinstance(text, str) else text
        outcome = Outcome(None)
        folder = tmp_path / f"run-{next(numbers)}"
        folder.mkdir()
        options.setdefault("returned", lambda label, document: outcome.returned.setdefault(label, []).append(document))
        process = next(iter(loaded.processes.values()))
        outcome.report = Execution(loaded, process, LocalRuntime(folder), Options(**options)).run()
        return outcome

    return run_text
