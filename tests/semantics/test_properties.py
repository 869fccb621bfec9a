"""Promises about every process, over generated ones."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from generated_steps import Steps, numbers, paths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine import group
from process_runner.engine.execution import Execution, Options
from process_runner.language.loader import Source, load

CHECKED = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Seen:
    """What became of each document."""

    def __init__(self) -> None:
        self.returned: Counter[tuple[str, str, str]] = Counter()
        self.failed: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()

    def all(self) -> Counter[str]:
        """How often each id came out, one way or another."""
        return Counter(name for _, name, _ in self.returned.elements()) + self.failed + self.ended


class Watched(Execution):
    """Tells which documents ended."""

    seen: Seen

    def end(self, documents) -> None:
        self.seen.ended.update(document.id for document in documents)
        super().end(documents)


@pytest.fixture
def observe(registry, tmp_path):
    def go(steps: Steps, inputs: list[str]) -> tuple[Seen, Watched]:
        file = tmp_path / "process.yaml"
        file.write_text(yaml.safe_dump({"processes": {"main": {"steps": [{"start": "passthrough"}, *steps]}}}))
        project = load(Source((file,), environment={}), registry)
        seen = Seen()
        options = Options(
            [Document(Payload(text.encode())) for text in inputs],
            returned=lambda label, document: seen.returned.update([(label, document.id, _state(document))]),
            failed=lambda document, step, error: seen.failed.update([document.id]),
        )
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            execution = Watched(project, project.processes["main"], LocalRuntime(Path(folder)), options)
            execution.seen = seen
            execution.run()
            assert execution.halted is None, execution.report
            assert list(Path(folder).iterdir()) == []
        return seen, execution

    return go


def _state(document: Document) -> str:
    return f"{document.payload.read().decode()} {sorted(document.properties.items())}"


def with_threads(steps: Steps, threads: int | None = None) -> Steps:
    """The same steps, with another number of threads everywhere."""
    if isinstance(steps, list):
        return [with_threads(each, threads) for each in steps]
    if isinstance(steps, dict):
        return {
            name: {**value, "threads": threads} if name == "flow_control" else with_threads(value, threads)
            for name, value in steps.items()
        }
    return steps


@CHECKED
@given(steps=paths, inputs=numbers)
def test_no_document_is_lost_or_doubled(observe, steps, inputs):
    seen, execution = observe(steps, inputs)
    assert seen.all() == Counter(str(number) for number in range(1, len(inputs) + 1))
    report = execution.report
    assert report.documents_in == len(inputs) == report.documents_out + report.documents_failed


@CHECKED
@given(first=paths, second=paths, inputs=numbers)
def test_sibling_paths_never_see_each_others_changes(observe, first, second, inputs):
    end = [{"return_documents": "end"}]
    alone, _ = observe([*second, *end], inputs)
    together, _ = observe([{"branch": [[*first, {"stop": "continue"}], [*second, *end]]}], inputs)
    beside, _ = observe([*first, {"stop": "continue"}], inputs)
    assert together.returned - beside.returned == alone.returned


@CHECKED
@given(steps=paths, inputs=numbers, most=st.integers(1, 4))
def test_spilled_groups_and_groups_in_memory_give_the_same(observe, steps, inputs, most):
    end = [{"return_documents": "end"}]
    in_memory, _ = observe([*steps, *end], inputs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "MOST_DOCUMENTS", most)
        spilled, _ = observe([*steps, *end], inputs)
    assert (spilled.returned, spilled.failed, spilled.ended) == (in_memory.returned, in_memory.failed, in_memory.ended)


@CHECKED
@given(steps=paths, inputs=numbers)
def test_many_threads_and_one_give_the_same(observe, steps, inputs):
    end = [{"return_documents": "end"}]
    one, _ = observe([*with_threads(steps, 1), *end], inputs)
    many, _ = observe([*with_threads(steps, 4), *end], inputs)
    assert (many.returned, many.failed, many.ended) == (one.returned, one.failed, one.ended)


@CHECKED
@given(count=st.integers(0, 12), size=st.integers(1, 4), failing=st.integers(0, 9))
def test_parts_of_a_document_leave_a_try_together_or_not_at_all(observe, count, size, failing):
    inputs = [f"{number}-{number + 5}-{number + 7}" for number in range(count)]
    steps = [
        {
            "try_catch": {
                "try": [
                    {"data_process": [{"split": {"format": "text", "separator": "-"}}]},
                    {"flow_control": {"threads": 2, "batch": size}},
                    {
                        "decision": {
                            "if": f"{{{{ document.text | int % 10 == {failing} }}}}",
                            "then": [{"exception": "no"}],
                        }
                    },
                ],
                "catch": [{"return_documents": "caught"}],
            }
        },
        {"return_documents": "well"},
    ]
    seen, _ = observe(steps, inputs)
    caught = {name for label, name, _ in seen.returned if label == "caught"}
    well = Counter(name.split(".")[0] for label, name, _ in seen.returned if label == "well")
    expected = {str(at) for at, text in enumerate(inputs, 1) if any(int(n) % 10 == failing for n in text.split("-"))}
    assert caught == expected
    assert well == {str(at): 3 for at in range(1, count + 1) if str(at) not in expected}
