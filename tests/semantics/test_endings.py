"""Being asked to end, defects and process errors: what was done is told, everything is given back, nothing hangs."""

import textwrap
from pathlib import Path

import pytest

from connector_sdk.runtime import LocalRuntime

LARGE = "- connector: {connection: rec, operation: produce-large}\n"

IN_THE_MIDDLE = {
    "connector": "- STOP one b",
    "concurrent connector": """
        - connector: {connection: rec, operation: write, concurrency: 3,
                      parameters: {at: one, stop: "{{ document.text == 'b' }}"}}
        - RECORD never
    """,
    "batch connector": """
        - connector: {connection: rec, operation: batch, parameters: {at: one, stop: "{{ document.text == 'b' }}"}}
        - RECORD never
    """,
    "decision": "- decision: {if: true, then: [{name: x, STOP}]}",
    "branch": "- branch: [[{STOP}], [{notify: never}]]",
    "route": "- route: {by: x, routes: [{equals: x, steps: [{STOP}]}]}",
    "try": "- try_catch: {try: [{STOP}, {exception: no}], catch: [{notify: never}]}",
    "retry": "- try_catch: {try: [{STOP}, {exception: no}], retry: 5, waits: [600]}",
    "catch": "- try_catch: {try: [{exception: no}], catch: [{STOP}]}",
    "all errors": "- try_catch: {trigger: all_errors, try: [{STOP}], catch: [{notify: never}]}",
    "threads": "- flow_control: {threads: 3}\n- STOP one b\n- notify: maybe",
    "batches": "- flow_control: {batch: 1}\n- STOP one b\n- notify: maybe",
    "process": "- flow_control: {processes: 1}\n- notify: there",
    "child": "- process_call: {process: child}",
    "child beside": "- process_call: {process: child, wait: false}\n- STOP one b\n- notify: maybe",
    "data_process": "- STOP one b\n- data_process: [{split: {format: lines}}]",
    "message": "- STOP one b\n- message: {text: x, combine: true}",
    "set_properties": "- STOP one b\n- set_properties: {x: y}",
    "cache": "- STOP one b\n- add_to_cache: {cache: x, key: y}",
    "return": "- STOP one b\n- return_documents: default",
}
STOP = "connector: {connection: rec, operation: write, parameters: {at: one, stop: \"{{ document.text == 'b' }}\"}}"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("shape", IN_THE_MIDDLE)
def test_an_execution_that_is_asked_to_end_in_the_middle_of_a_shape_ends(run, shape):
    class Asked(LocalRuntime):
        """Is asked when the wait for a worker begins, where no connector asks."""

        def new_path(self) -> Path:
            if shape == "process":
                self.stop()
            return super().new_path()

    steps = textwrap.dedent(IN_THE_MIDDLE[shape]).strip().replace("name: x, ", "").replace("STOP}", STOP + "}")
    last = "" if shape == "process" else "\n- RECORD last"
    ran = run(steps + last, runtime=Asked, child="- start: passthrough\n- STOP one b")
    assert (ran.report.status, ran.report.exit_code) == ("aborted", 130)
    assert ran.times("open") == ran.times("close")
    assert ran.left_behind == []
    assert "last b" not in ran.effects
    if shape != "process":
        assert "one b" in ran.effects or "b" in ran.effects
        assert any(count.documents_in for count in ran.report.steps if count.shape in ("connector", "process_call"))


def test_what_was_done_before_the_wish_to_end_is_counted(run):
    ran = run("- STOP one b\n- RECORD two\n- return_documents: default", "abcd")
    assert ran.effects == ["one a", "one b"]
    assert ran.step("connector") == (4, 2, 0)
    assert ran.report.documents_in == 4


def test_answers_of_requests_under_way_are_counted_when_the_execution_ends(run):
    ran = run(
        """
        - connector: {connection: rec, operation: write, concurrency: 4,
                      parameters: {at: one, halt: "{{ document.text == '3' }}"}}
        """,
        map(str, range(50)),
    )
    _, out, _ = ran.step("connector")
    assert out == len(ran.effects) - 1
    assert [failure[1:] for failure in ran.failures] == [(None, "Halt")]


@pytest.mark.parametrize(
    ("kind", "code"), [("RECORD", 0), ("FAIL", 1), ("REFUSE", 1), ("HALT", 1), ("CRASH", 70), ("STOP", 130)]
)
def test_clients_are_closed_and_files_gone_after_every_outcome(run, kind, code):
    ran = run(
        f"""
        - set_properties: {{name: "{{{{ document.text }}}}"}}
        - connector: {{connection: rec, operation: produce-large}}
        - connector:
            connection: rec
            operation: write
            parameters: {{at: one, {kind.lower().replace("record", "at")}: "{{{{ prop.name == 'b' }}}}"}}
        - decision: {{if: true, then: [{{notify: "{{{{ document.index }}}}"}}]}}
        """.replace("at: one, at:", "at:")
    )
    assert ran.report.exit_code == code
    assert (ran.times("open"), ran.times("close")) == (1, 1)
    assert ran.left_behind == []


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("- stop: process", 0),
        ("- exception: no", 1),
        ("- exception: {message: no, stop: process}", 1),
        ("- connector: {connection: rec, operation: batch-that-forgets}", 70),
    ],
)
def test_files_are_gone_after_every_end(run, last, code):
    ran = run(f"- connector: {{connection: rec, operation: produce-large}}\n- RECORD one\n{last}")
    assert ran.report.exit_code == code
    assert (ran.times("open"), ran.times("close")) == (1, 1)
    assert ran.left_behind == []


def test_a_plugin_that_raises_what_none_should_is_named_with_the_step_and_its_traceback(run):
    ran = run("- name: Write orders\n  CRASH one b")
    (failure,) = ran.report.failures
    assert failure.step == "Write orders"
    assert failure.message == "connector 'rec', operation 'write', raised RuntimeError: crashed on one b"
    assert "recording_connector.py" in ran.report.defect


def test_a_batch_operation_that_gives_no_result_for_a_document_is_a_defect(run):
    ran = run("- connector: {connection: rec, operation: batch-that-forgets}")
    assert ran.report.failures[0].message.endswith("did not give a result for each document")


def test_a_step_that_crashes_is_named_as_a_defect_of_the_runner(run, monkeypatch):
    def crash(self, documents, flow):
        raise KeyError("oh")

    monkeypatch.setattr("process_runner.shapes.notify.Notify.run", crash)
    ran = run("- branch: [[{name: Say it, notify: x}], []]")
    assert [(each.step, each.message) for each in ran.report.failures] == [
        ("Say it", "shape 'notify' raised KeyError: 'oh'")
    ]
    assert ran.report.exit_code == 70


def test_a_caller_that_cannot_take_a_document_stops_the_process(project, tmp_path):
    from connector_sdk import Document, Payload
    from process_runner.engine.execution import Execution, Options

    def full(label: str, document: Document) -> None:
        raise OSError(28, "No space left on device")

    made = project(main="- start: passthrough\n- return_documents: out")
    options = Options([Document(Payload(b"a"))], returned=full)
    report = Execution(made, made.processes["main"], LocalRuntime(tmp_path), options).run()
    assert report.exit_code == 1
    assert "cannot hand over a document as 'out'" in report.failures[0].message


@pytest.mark.parametrize("around", ["{}", "- try_catch: {{try: [{{return_documents: out}}]}}"])
def test_content_that_cannot_be_had_when_it_is_handed_over_fails_its_document_and_no_other(project, tmp_path, around):
    import io

    from connector_sdk import Document, DocumentError, Payload
    from process_runner.engine.execution import Execution, Options

    def gone() -> io.BytesIO:
        raise DocumentError("the object is another one now", "ObjectChanged")

    contents = [Payload(b"a"), Payload.deferred(gone, 70_000), Payload(b"c")]
    kept: list[bytes] = []
    made = project(main="- start: passthrough\n" + around.format("- return_documents: out"))
    given = [Document(content) for content in contents]
    options = Options(given, returned=lambda label, document: kept.append(document.payload.read()))
    report = Execution(made, made.processes["main"], LocalRuntime(tmp_path), options).run()
    assert kept == [b"a", b"c"]
    assert [(each.document, each.code) for each in report.failures] == [("2", "ObjectChanged")]
    assert (report.documents_in, report.documents_out, report.documents_failed) == (3, 2, 1)
    assert report.returned == {"out": 2}
    assert report.exit_code == 1


@pytest.mark.parametrize("steps", ["- connector: {connection: rec, operation: produce-none}", "- stop: continue"])
def test_an_empty_group_ends_well(run, steps):
    ran = run(steps + "\n- RECORD never")
    assert (ran.report.status, "never" in "".join(ran.effects)) == ("complete", False)
