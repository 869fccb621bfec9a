"""flow_control in operating system processes: what threads do, elsewhere."""

import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime, TemporaryFile
from process_runner.engine.execution import Execution, Options
from process_runner.log import current_execution


class Impatient(LocalRuntime):
    """Is asked to end as soon as one document was recorded."""

    def __init__(self, folder: Path, journal: Path) -> None:
        super().__init__(folder)
        self._journal = journal
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while "one" not in self._journal.read_text():
            pause.wait(0.01)
        self.stop()


def test_each_fiber_has_a_process_of_its_own_with_its_own_client(run):
    ran = run(
        """
        - RECORD here
        - flow_control: {processes: 2, batch: 1}
        - RECORD there
        - return_documents: default
        """,
        "abcd",
    )
    where = {line["text"]: line["pid"] for line in ran.journal if line["kind"] == "effect"}
    assert where["here a"] == os.getpid()
    assert where["there a"] == where["there b"] != where["there c"] == where["there d"]
    assert os.getpid() not in {where["there a"], where["there c"]}
    assert (ran.times("open"), ran.times("close")) == (3, 3)
    assert sorted(ran.texts()) == ["a", "b", "c", "d"]
    assert ran.step("connector 2") == (4, 4, 0)
    assert ran.counts == (4, 4, 0)


def test_everything_comes_home(run):
    ran = run(
        """
        - set_properties: {process.seen: before}
        - decision:
            if: true
            then:
              - flow_control: {processes: 1, batch: 2}
              - FAIL fragile b
              - notify: {text: "there {{ document.text }} {{ process.seen }}", level: warning}
              - set_properties: {process.seen: "{{ document.text }}", colour: "red {{ document.text }}"}
              - add_to_cache: {cache: letters, key: "{{ document.text }}"}
              - route:
                  by: "{{ document.text }}"
                  routes:
                    - {equals: c, steps: [{stop: continue}]}
                    - {equals: d, steps: [{return_documents: early}]}
        - notify: "home {{ prop.colour }} {{ process.seen }} {{ lookup('letters', document.text) }}"
        - RECORD after
        """,
        "abcde",
    )
    said = [line for line in ran.log if line.startswith(("there", "home"))]
    assert said == [
        *("there a before", "home red a a a"),
        *("there c a", "there d a"),
        *("there e d", "home red e e e"),
    ]
    assert ran.failures == [("connector", "2", "Broken")]
    assert ran.texts("early") == ["d"]
    assert ran.effects[-1] == "after e"
    assert ran.counts == (5, 4, 1)
    assert ran.report.warned
    assert ran.execution.facts.process_properties["seen"] == "e"


def test_large_and_many_documents_travel_by_disk(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 7)
    ran = run(
        """
        - connector: {connection: rec, operation: produce-large}
        - flow_control: {processes: 2}
        - connector: {connection: rec, operation: produce-large}
        - set_properties: {size: "{{ document.size }}"}
        - return_documents: default
        """,
        map(str, range(30)),
    )
    assert ran.report.failures == []
    assert {text.strip().split()[0] for text in ran.texts()} == {f"{number}1" for number in range(30)}
    assert {document.properties["size"] for _, document in ran.returned} == {"100001"}


def test_a_document_passes_through_a_worker_with_its_temporary_file(run, tmp_path: Path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100)
    document = Document(Payload.file(path, TemporaryFile(path)))
    ran = run("- flow_control: {processes: 1}\n- notify: there\n- return_documents: default", [document])
    assert ran.texts() == ["x" * 100]


def test_inside_a_try_the_failures_of_workers_are_caught_at_home(run):
    ran = run(
        """
        - try_catch:
            retry: 1
            waits: [0]
            try:
              - flow_control: {processes: 2, batch: 1}
              - FAIL one b
              - return_documents: good
            catch:
              - notify: "{{ document.text }} {{ error.step }} {{ error.message }}"
        """,
    )
    assert "b connector failed one b" in ran.log
    assert sorted(ran.texts("good")) == ["a", "c"]
    assert ran.report.status == "complete"


def test_a_process_error_in_a_worker_stops_everything(run):
    ran = run("- flow_control: {processes: 2, batch: 1}\n- HALT one b", "abcdefgh")
    assert [(each.step, each.code, each.message) for each in ran.report.failures] == [
        ("connector", "Halt", "halted by one b")
    ]
    assert ran.times("open") == ran.times("close")
    assert ran.left_behind == []


def test_after_a_process_error_that_is_caught_new_workers_take_the_retry(run):
    ran = run(
        """
        - try_catch:
            trigger: all_errors
            retry: 1
            waits: [0]
            try:
              - flow_control: {processes: 2, batch: 1}
              - HALT one b 1
        - return_documents: default
        """,
    )
    assert sorted(ran.texts()) == ["a", "b", "c"]


def test_a_plugin_that_crashes_in_a_worker_is_named_with_its_traceback(run):
    ran = run("- flow_control: {processes: 1}\n- CRASH one b")
    assert ran.report.exit_code == 70
    assert ran.report.failures[0].message.startswith("connector 'rec', operation 'write', raised RuntimeError")
    assert "recording_connector.py" in ran.report.defect


def test_stop_process_in_a_worker_ends_the_process_well(run):
    ran = run("- flow_control: {processes: 1, batch: 1}\n- RECORD one\n- stop: process")
    assert (ran.effects, ran.report.status) == (["one a"], "complete")


@pytest.mark.timeout(60)
def test_stop_process_in_one_worker_ends_the_others_and_the_process_well(run):
    ran = run(
        """
        - flow_control: {processes: 2}
        - RECORD one
        - decision:
            if: "{{ document.text == 'a' }}"
            then:
              - try_catch: {try: [{exception: no}], catch: [], retry: 1, waits: [2]}
              - stop: process
            else:
              - try_catch: {try: [{exception: no}], catch: [], retry: 1, waits: [600]}
        """,
        "ab",
    )
    assert "one b" in ran.effects
    assert [failure for failure in ran.failures if failure[1] is None] == []
    assert ran.report.exit_code in {0, 1}  # b had failed when it was cut short, if it had come that far


def test_a_wish_to_end_reaches_the_workers(run, tmp_path: Path):
    ran = run(
        "- flow_control: {processes: 2}\n- RECORD one\n- try_catch: {try: [{exception: no}], retry: 1, waits: [600]}",
        runtime=lambda folder: Impatient(folder, tmp_path / "journal"),
    )
    assert (ran.report.status, ran.report.exit_code) == ("aborted", 130)
    assert ran.times("open") == ran.times("close")
    assert ran.left_behind == []


def test_facts_of_the_execution_are_the_same_in_a_worker(run):
    ran = run(
        """
        - notify: "{{ execution.id }} {{ execution.started }} {{ execution.document_count }}"
        - flow_control: {processes: 1}
        - notify: "{{ execution.id }} {{ execution.started }} {{ execution.document_count }}"
        """,
        ["a"],
    )
    assert ran.log[0] == ran.log[1]
    assert datetime.now(UTC).strftime("%Y-") in ran.log[0]


@pytest.mark.timeout(60)
def test_a_worker_that_dies_stops_the_process_with_a_reason(run):
    ran = run("- flow_control: {processes: 2, batch: 1}\n- DIE one b", "abcdefgh")
    assert ran.report.exit_code == 1
    assert ("WorkerDied", "a worker process died, perhaps for lack of memory") in [
        (each.code, each.message) for each in ran.report.failures
    ]


def test_workers_may_have_workers_and_children(run):
    ran = run(
        """
        - flow_control: {processes: 1}
        - flow_control: {processes: 2, batch: 1}
        - process_call: {process: child}
        - return_documents: default
        """,
        "abcd",
        child="""
            - start: passthrough
            - flow_control: {processes: 1}
            - connector: {connection: rec, operation: produce-large}
            - return_documents: default
        """,
    )
    assert sorted(text.strip() for text in ran.texts()) == ["a1", "b1", "c1", "d1"]
    assert ran.counts == (4, 4, 0)
    assert ran.times("open") == ran.times("close") == 4


def test_workers_share_the_caches_of_the_execution(run):
    ran = run(
        """
        - add_to_cache: {cache: letters, key: "{{ document.text }}"}
        - flow_control: {processes: 2, batch: 1}
        - message: "{{ document.text }}"
        - retrieve_from_cache: {cache: letters, key: "{{ document.text }}"}
        - return_documents: default
        """,
    )
    assert sorted(ran.texts()) == ["a", "b", "c"]


def test_what_cannot_be_sent_to_a_worker_is_told(project, tmp_path):
    made = project(main="- flow_control: {processes: 1}\n- notify: x")
    options = Options(clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    report = Execution(made, made.processes["main"], LocalRuntime(tmp_path), options).run()
    assert [each.code for each in report.failures] == ["NotPicklable"]


@pytest.mark.parametrize("fibers", ["threads: 2", "processes: 2"])
def test_the_defect_of_a_process_beside_the_last_batch_is_told(run, fibers):
    ran = run(
        f"- flow_control: {{{fibers}}}\n- process_call: {{process: child, wait: false}}",
        "ab",
        child="""
            - start: passthrough
            - try_catch: {try: [{exception: x}], retry: 1, waits: [0.3], catch: []}
            - CRASH child a
        """,
    )
    assert ran.report.exit_code == 70
    assert "crashed on child a" in ran.report.defect
    assert sorted(ran.effects) == ["child a", "child b"]


@pytest.mark.parametrize("fibers", ["threads: 2", "processes: 2"])
def test_warnings_and_tracked_documents_of_a_process_beside_the_last_batch_come_home(run, fibers):
    ran = run(
        f"- flow_control: {{{fibers}}}\n- process_call: {{process: child, wait: false}}",
        "ab",
        child="""
            - start: passthrough
            - try_catch: {try: [{exception: x}], retry: 1, waits: [0.3], catch: []}
            - connector: {connection: rec, operation: tracked}
            - notify: {text: careful, level: warning}
        """,
    )
    assert ran.report.status == "complete_with_warnings"
    assert sorted((each.process, each.fields["text"]) for each in ran.report.tracked) == [
        ("child", "a"),
        ("child", "b"),
    ]


def test_a_worker_that_dies_beside_the_last_batch_is_an_error(run):
    ran = run(
        "- flow_control: {processes: 1}\n- process_call: {process: child, wait: false}",
        "a",
        child="""
            - start: passthrough
            - try_catch: {try: [{exception: x}], retry: 1, waits: [0.3], catch: []}
            - DIE child a
        """,
    )
    assert (ran.report.exit_code, ran.failures) == (1, [("", None, "WorkerDied")])
    assert ran.left_behind == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("fibers", ["threads: 2", "processes: 2"])
def test_a_stop_in_one_fiber_leaves_what_runs_beside_another_alone(run, fibers):
    ran = run(
        f"""
        - flow_control: {{{fibers}}}
        - decision:
            if: "{{{{ document.text == 'a' }}}}"
            then:
              - try_catch: {{try: [{{exception: no}}], catch: [], retry: 1, waits: [1.5]}}
              - stop: process
            else:
              - process_call: {{process: child, wait: false}}
              - try_catch: {{try: [{{exception: no}}], catch: [], retry: 1, waits: [600]}}
        """,
        "ab",
        child="""
            - start: passthrough
            - try_catch: {try: [{exception: x}], retry: 1, waits: [3], catch: []}
            - RECORD child
        """,
    )
    assert "child b" in ran.effects


@pytest.mark.timeout(60)
@pytest.mark.parametrize("fibers", ["threads: 2", "processes: 2"])
def test_a_wish_to_end_reaches_what_runs_beside_and_is_told(run, fibers, tmp_path: Path):
    ran = run(
        f"- flow_control: {{{fibers}}}\n- process_call: {{process: child, wait: false}}",
        "a",
        runtime=lambda folder: Impatient(folder, tmp_path / "journal"),
        child="""
            - start: passthrough
            - RECORD one
            - try_catch: {try: [{exception: x}], retry: 1, waits: [600]}
        """,
    )
    assert (ran.report.status, ran.report.exit_code) == ("aborted", 130)
    assert ran.left_behind == []


@pytest.mark.parametrize("fibers", ["threads: 1", "processes: 1"])
def test_lines_of_a_called_process_are_logged_as_its_own(run, caplog, fibers):
    said: dict[str, tuple[str, str]] = {}

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said[record.getMessage()] = current_execution()

    logging.getLogger("process_runner.notify").addHandler(noting := Noting())
    try:
        ran = run(
            f"- flow_control: {{{fibers}}}\n- notify: outer\n- process_call: {{process: child}}",
            "a",
            child='- start: passthrough\n- notify: "inner {{ execution.id }}"',
        )
    finally:
        logging.getLogger("process_runner.notify").removeHandler(noting)
    inner = next(line for line in said if line.startswith("inner"))
    assert said[inner] == (inner.removeprefix("inner "), "child")
    assert said["outer"] == (ran.report.execution_id, "main")


def test_no_setting_of_the_project_lies_on_disk_while_workers_run(run, tmp_path: Path):
    held: list[bytes] = []

    class Looking(LocalRuntime):
        def wait(self, seconds: float) -> None:
            files = [each for each in self.folder.rglob("*") if each.is_file()]
            held.append(b"".join(each.read_bytes() for each in files))

    ran = run(
        """
        - flow_control: {threads: 2}
        - decision:
            if: "{{ document.text == 'a' }}"
            then:
              - flow_control: {processes: 1}
              - FAIL one a
            else:
              - try_catch: {try: [{exception: no}], retry: 1, waits: [0]}
        """,
        "ab",
        runtime=Looking,
    )
    assert ran.effects == ["one a"]
    assert held
    assert not any(str(tmp_path / "journal").encode() in each for each in held)


def test_fibers_that_have_fibers_of_the_same_number_do_not_share_their_worker(run):
    ran = run(
        """
        - flow_control: {threads: 4}
        - flow_control: {processes: 1, batch: 1}
        - RECORD there
        - return_documents: default
        """,
        "abcdefgh",
    )
    assert sorted(ran.texts()) == list("abcdefgh")
    assert ran.times("open") == ran.times("close")
    assert ran.left_behind == []
