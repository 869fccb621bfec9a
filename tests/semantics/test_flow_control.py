"""One process for each sentence about flow_control."""

import marshal
import threading
from contextlib import closing
from pathlib import Path

import pytest

from connector_sdk.runtime import LocalRuntime
from process_runner.engine.execution import Execution, Options
from process_runner.store import State


def in_order(effects: list[str], *wanted: str) -> bool:
    """Whether the wanted effects are there in this order, others between them or not."""
    waiting = iter(effects)
    return all(each in waiting for each in wanted)


def test_fiber_i_gets_documents_from_i_times_the_ceiling_of_n_by_n_onwards(run):
    ran = run(
        """
        - flow_control: {threads: 3}
        - message: {text: "{{ document.text }}", combine: true}
        - return_documents: default
        """,
        "abcdefg",
    )
    assert sorted(ran.texts()) == ["a\nb\nc", "d\ne\nf", "g"]


def test_more_threads_than_documents_leave_the_rest_idle(run):
    ran = run("- flow_control: {threads: 8}\n- return_documents: default", "ab")
    assert sorted(ran.texts()) == ["a", "b"]


def test_each_batch_of_a_fiber_is_finished_before_its_next_one_starts(run):
    ran = run(
        """
        - flow_control: {threads: 2, batch: 1}
        - RECORD one
        - RECORD two
        """,
        "abcd",
    )
    assert len(ran.effects) == 8
    assert in_order(ran.effects, "one a", "two a", "one b", "two b")
    assert in_order(ran.effects, "one c", "two c", "one d", "two d")


def test_fibers_run_at_the_same_time(run):
    meeting = threading.Barrier(3, timeout=30)

    class Meeting(LocalRuntime):
        def wait(self, seconds: float) -> None:
            meeting.wait()

    ran = run(
        """
        - flow_control: {threads: 3}
        - try_catch:
            retry: 1
            try:
              - FAIL one a 1
              - FAIL two b 1
              - FAIL three c 1
        - return_documents: default
        """,
        runtime=Meeting,
    )
    assert sorted(ran.texts()) == ["a", "b", "c"]


def test_counters_and_process_properties_are_safe_for_threads(run):
    ran = run(
        """
        - flow_control: {threads: 8, batch: 3}
        - set_properties: {"process.last": "{{ document.text }}"}
        - decision:
            if: "{{ document.text | int % 10 == 0 }}"
            then:
              - exception: no
        - return_documents: default
        """,
        [str(number) for number in range(1000)],
    )
    assert ran.counts == (1000, 900, 100)
    assert ran.step("flow_control") == (1000, 1000, 0)
    assert ran.step("set_properties") == (1000, 1000, 0)
    assert ran.step("exception") == (100, 0, 100)
    assert sorted(map(int, ran.texts())) == [number for number in range(1000) if number % 10]
    assert ran.report.returned == {"default": 900}
    assert ran.execution.facts.process_properties["last"] in map(str, range(1000))


def test_the_steps_after_the_block_run_in_the_fibers_too(run):
    ran = run(
        """
        - decision:
            if: true
            then:
              - flow_control: {threads: 2, batch: 1}
        - RECORD one
        - RECORD two
        """,
        "abcd",
    )
    assert in_order(ran.effects, "one a", "two a", "one b", "two b")


def test_inside_a_try_documents_of_all_fibers_leave_together(run):
    ran = run(
        """
        - try_catch:
            try:
              - flow_control: {threads: 2, batch: 1}
              - FAIL one b
            catch:
              - RECORD catch
        - message: {text: "{{ document.text }}", combine: true}
        - return_documents: default
        """,
        "abcd",
    )
    assert ran.effects[-1] == "catch b"
    assert sorted("".join(sorted(text)) for text in ran.texts()) == ["\n\nacd", "b"]


@pytest.mark.timeout(60)
def test_a_process_error_in_one_fiber_ends_the_others_even_while_they_wait(run):
    ran = run("""
        - flow_control: {threads: 3}
        - HALT one a
        - try_catch: {try: [{exception: no}], retry: 1, waits: [600]}
        - RECORD never
    """)
    assert [failure for failure in ran.failures if failure[1] is None] == [("connector", None, "Halt")]
    assert ran.report.status == "error"
    assert "never" not in " ".join(ran.effects)
    assert ran.times("close") == 1


@pytest.mark.timeout(60)
def test_a_child_in_a_fiber_ends_with_it_and_nothing_follows(run):
    ran = run(
        """
        - flow_control: {threads: 3}
        - HALT one a
        - process_call: {process: child, abort_on_failure: false}
        - RECORD never
        """,
        child="- start: passthrough\n- try_catch: {try: [{exception: no}], retry: 1, waits: [600]}",
    )
    assert [each.code for each in ran.report.failures if each.document is None] == ["Halt"]
    assert "never" not in " ".join(ran.effects)


@pytest.mark.timeout(60)
def test_a_child_that_another_fiber_cut_short_is_no_successful_run(project, tmp_path):
    meeting, met = threading.Barrier(2, timeout=30), threading.local()

    class Meeting(LocalRuntime):
        def wait(self, seconds: float) -> None:
            if not hasattr(met, "before"):
                met.before = meeting.wait()
            super().wait(seconds)

    made = project(
        main="""
            - start: {documents: [a, b]}
            - flow_control: {threads: 2}
            - decision:
                if: "{{ document.text == 'a' }}"
                then:
                  - try_catch: {try: [{exception: no}], catch: [], retry: 1, waits: [0]}
                  - exception: {message: no, stop: process}
                else:
                  - process_call: {process: child}
        """,
        child="""
            - start: passthrough
            - notify: "{{ execution.last_successful_run | default('never') }}"
            - try_catch: {try: [{exception: no}], retry: 1, waits: [600]}
        """,
    )
    state = State(f"sqlite:///{tmp_path / 'state'}")
    with closing(state):
        Execution(made, made.processes["main"], Meeting(tmp_path), Options(state=state)).run()
        runs = state.runs("child")
    assert runs.last is not None
    assert runs.last_successful is None


def test_stop_process_in_one_fiber_ends_the_whole_process_well(run):
    ran = run(
        """
        - flow_control: {threads: 4, batch: 1}
        - decision:
            if: "{{ document.index == 1 }}"
            then:
              - stop: process
        """,
    )
    assert ran.report.status == "complete"
    assert ran.failures == []


def test_a_document_that_fails_in_a_fiber_is_reported_like_any_other(run):
    ran = run("- flow_control: {threads: 3}\n- FAIL one b\n- return_documents: default")
    assert sorted(ran.texts()) == ["a", "c"]
    assert ran.failures == [("connector", "2", "Broken")]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{threads: 2, processes: 2}", "'threads' and 'processes' exclude each other"),
        ("{}", "missing 'threads', 'processes' or 'batch'"),
    ],
)
def test_one_kind_of_fiber_is_asked_for(project, written, problem):
    from process_runner.language.place import InvalidProject

    with pytest.raises(InvalidProject, match=problem):
        project(main=f"- flow_control: {written}")


def test_payloads_of_a_finished_batch_are_not_kept_on_disk(run, tmp_path: Path):
    most = 0

    class Watching(LocalRuntime):
        def store(self, source):
            nonlocal most
            stored = super().store(source)
            most = max(most, len(list(self.folder.iterdir())))
            return stored

    ran = run(
        """
        - flow_control: {batch: 1}
        - connector: {connection: rec, operation: produce-large}
        - set_properties: {size: "{{ document.size }}"}
        - decision:
            if: true
            then:
              - try_catch:
                  try:
                    - FAIL one 3
        """,
        [str(number) for number in range(60)],
        runtime=Watching,
    )
    assert ran.report.documents_out == 60
    assert 1 <= most <= 2


def test_batches_of_one_read_a_large_group_once(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 50)
    read: list[int] = []
    load = marshal.loads
    monkeypatch.setattr("process_runner.engine.spilled.marshal.loads", lambda block: read.append(1) or load(block))
    ran = run("- flow_control: {batch: 1}\n- return_documents: default", map(str, range(500)))
    assert ran.texts() == list(map(str, range(500)))
    assert 1 <= len(read) <= 10
