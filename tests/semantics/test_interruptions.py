"""What holds wherever a generated process is cut short: by a wish to end, by an error, by a good end."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from generated_steps import Steps, blocks, leaves, numbers, some_documents
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.execution import Execution, Options
from process_runner.engine.report import Report
from process_runner.language.loader import Source, load

CHECKED = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

cuts = some_documents.flatmap(
    lambda when: st.sampled_from(
        [
            {"decision": {"if": when, "then": [{"stop": "process"}]}},
            {"decision": {"if": when, "then": [{"exception": {"message": "halt", "stop": "process"}}]}},
            {"try_catch": {"try": [{"decision": {"if": when, "then": [{"exception": {"stop": "process"}}]}}]}},
        ]
    )
)
calls = st.builds(
    lambda wait, abort, name: {"process_call": {"process": name, "wait": wait, "abort_on_failure": abort}},
    st.booleans(),
    st.booleans(),
    st.sampled_from(["gives-back", "keeps", "once-each"]),
)
caught = st.builds(
    lambda tried, retry: {
        "try_catch": {"try": tried, "catch": [], "retry": retry, "waits": [0], "trigger": "all_errors"}
    },
    st.lists(cuts | leaves, min_size=1, max_size=2),
    st.integers(0, 2),
)
sound = st.lists(leaves | calls, max_size=3)
broken = st.lists(leaves | cuts | calls | caught, max_size=3)
CHILDREN = {
    "gives-back": "[{start: passthrough}, %s, {return_documents: back}]",
    "keeps": "[{start: passthrough}, {try_catch: {try: [%s]}}, {flow_control: {threads: 2}}, {notify: x}]",
    "once-each": "[{notify: once}, {flow_control: {batch: 1}}, {return_documents: back}]",
}
INSIDE = "{decision: {if: \"{{ document.text | default('0') | int % 7 == 3 }}\", then: [{exception: no}]}}"


class StopsAt(LocalRuntime):
    """Is asked to end when it has been asked `checks` times whether it was."""

    def __init__(self, folder: Path, checks: int | None) -> None:
        super().__init__(folder)
        self._left = checks

    def check(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self.stop()
        super().check()


@pytest.fixture
def outcome(registry, tmp_path):
    """Runs steps; gives the report, and how often each document came out, one way or another."""

    def go(steps: Steps, inputs: list[str], stops_at: int | None = None) -> tuple[Report, Counter[str]]:
        children = {name: {"steps": yaml.safe_load(text.replace("%s", INSIDE))} for name, text in CHILDREN.items()}
        main = {"steps": [{"start": "passthrough"}, *steps, {"return_documents": "end"}]}
        file = tmp_path / "process.yaml"
        file.write_text(yaml.safe_dump({"processes": {"main": main, **children}}))
        project = load(Source((file,), environment={}), registry)
        seen: Counter[str] = Counter()
        options = Options(
            [Document(Payload(text.encode())) for text in inputs],
            returned=lambda label, document: seen.update([document.id]),
            failed=lambda document, step, error: seen.update([document.id]),
        )
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            runtime = StopsAt(Path(folder), stops_at)
            report = Execution(project, project.processes["main"], runtime, options).run()
            del options, runtime
            assert list(Path(folder).iterdir()) == []
        return report, seen

    return go


def judge(report: Report, seen: Counter[str]) -> None:
    """What holds for every end."""
    assert report.defect == ""
    assert all(count == 1 for count in seen.values()), seen
    assert report.documents_out + report.documents_failed <= report.documents_in
    assert report.documents_failed <= len(seen)
    event(report.status)


@CHECKED
@given(steps=blocks(broken), inputs=numbers)
def test_a_process_that_ends_in_the_middle_tells_no_document_twice_and_leaves_nothing(outcome, steps, inputs):
    report, seen = outcome(steps, inputs)
    judge(report, seen)
    assert report.status != "aborted"


@CHECKED
@given(steps=blocks(broken), inputs=numbers, at=st.integers(1, 150))
def test_a_process_that_is_interrupted_anywhere_tells_no_document_twice_and_leaves_nothing(outcome, steps, inputs, at):
    report, seen = outcome(steps, inputs, at)
    judge(report, seen)


@CHECKED
@given(steps=blocks(sound), inputs=numbers)
def test_with_called_processes_no_document_is_lost_or_doubled_either(outcome, steps, inputs):
    report, seen = outcome(steps, inputs)
    judge(report, seen)
    assert report.documents_out + report.documents_failed == len(inputs)
