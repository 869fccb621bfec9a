"""tracking: fields in the log and in the report, which answer what became of one order."""

import json
import logging

import pytest

from process_runner.cli import main
from process_runner.log import JsonLines, TextLines
from process_runner.redaction import Redaction

CALL = "- connector: {connection: rec, operation: op}"


def steps(*documents, call=CALL):
    return f"- start: {{documents: {json.dumps(documents)}}}\n{call}\n- return_documents:"


def rows(outcome):
    return [(each.document, each.status, dict(each.fields)) for each in outcome.report.tracked]


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_fields_are_computed_on_the_documents_that_the_operation_returned(written, run):
    tracking = "action: write\ntracking: {text: '{{ document.text }}', name: '{{ prop.rec.name }}', fixed: 7}"
    outcome = run(written(steps("a", "b"), tracking))
    assert rows(outcome) == [
        ("1", "success", {"text": "A", "name": "name of a", "fixed": "7"}),
        ("2", "success", {"text": "B", "name": "name of b", "fixed": "7"}),
    ]
    assert outcome.texts == ["A", "B"]


def test_every_returned_document_is_tracked_and_fields_may_come_from_the_one_that_was_given(written, run):
    operation = """
        action: make
        tracking:
          number: "{{ json('number') }}"
          place: "{{ document.index }}"
          order: {value: "{{ document.text }}", documents: input}
    """
    assert rows(run(written(steps("a", "b"), operation)))[2:4] == [
        ("1.3", "success", {"order": "a", "number": "3", "place": "3"}),
        ("2.1", "success", {"order": "b", "number": "1", "place": "4"}),
    ]


def test_where_nothing_is_returned_fields_are_computed_on_the_document_that_was_given(written, run):
    operation = "action: erase\ntracking: {text: '{{ document.text }} {{ document.index }}'}"
    assert rows(run(written(steps("a", "b"), operation))) == [
        ("1", "success", {"text": "a 1"}),
        ("2", "success", {"text": "b 2"}),
    ]


def test_documents_that_fail_or_are_refused_are_tracked_with_what_can_be_computed(written, run, caplog):
    operation = "action: write\ntracking: {text: '{{ document.text }}', name: '{{ prop.rec.name }}'}"
    outcome = run(written(steps("bad", "refused", "a"), operation))
    assert rows(outcome) == [
        ("1", "error", {"text": "bad"}),
        ("2", "application_error", {"text": "refused"}),
        ("3", "success", {"text": "A", "name": "name of a"}),
    ]
    assert warnings(caplog) == []
    assert outcome.report.documents_failed == 2


def test_documents_whose_call_could_not_be_made_are_tracked_too(written, run):
    call = "- connector: {connection: rec, operation: op, parameters: {fail: '{{ prop.missing }}'}}"
    assert rows(run(written(steps("a", call=call), "action: write\ntracking: {text: '{{ document.text }}'}"))) == [
        ("1", "error", {"text": "a"})
    ]


def test_a_batch_is_tracked_document_by_document(written, run):
    operation = "action: together\ntracking: {text: '{{ document.text }}'}"
    assert rows(run(written(steps("a", "bad", "c"), operation))) == [
        ("1", "success", {"text": "A"}),
        ("2", "error", {"text": "bad"}),
        ("3", "success", {"text": "C"}),
    ]


def test_what_was_passed_through_is_tracked_as_the_operation_returned_it(written, run):
    call = "- connector: {connection: rec, operation: op, pass_through: true}"
    outcome = run(written(steps("a", call=call), "action: write\ntracking: {text: '{{ document.text }}'}"))
    assert rows(outcome) == [("1", "success", {"text": "A"})]
    assert outcome.texts == ["a"]


def test_a_field_that_cannot_be_computed_fails_nothing_and_is_told_once_for_each_step_and_field(written, run, caplog):
    operation = "action: write\ntracking: {one: \"{{ json('a') }}\", two: '{{ prop.b }}', good: x}"
    twice = "\n".join([CALL, "- name: Again\n  connector: {connection: rec, operation: op}"])
    outcome = run(written(steps("a", "b", "c", call=twice), operation))
    assert outcome.report.status == "complete"
    assert outcome.texts == ["A", "B", "C"]
    assert rows(outcome) == [(str(number), "success", {"good": "x"}) for number in (1, 2, 3)] * 2
    told = warnings(caplog)
    assert len(told) == 4
    assert "tracked field 'one' of document 1 cannot be computed" in told[0]
    assert "the document is not JSON" in told[0]


def test_the_report_keeps_the_first_thousand_and_counts_all(written, run):
    outcome = run(written(steps("a"), "action: make\ncount: 1005\ntracking: {n: \"{{ json('number') }}\"}"))
    summary = outcome.report.summary()
    assert summary["tracked_count"] == 1005
    assert len(summary["tracked"]) == 1000
    assert summary["tracked"][-1] == {
        "process": "main",
        "step": "connector",
        "document": "1.1000",
        "status": "success",
        "fields": {"n": "1000"},
    }


def test_long_values_are_cut_off(written, run):
    outcome = run(written(steps("a" * 5000), "action: write\ntracking: {text: '{{ document.text }}'}"))
    assert outcome.report.tracked[0].fields == {"text": "A" * 1000}


def test_a_child_process_is_tracked_in_the_report_of_the_process_that_called_it(written, run):
    others = """\
        child:
          steps:
            - start: passthrough
            - name: Inside
              connector: {connection: rec, operation: op}
    """
    call = "- process_call: {process: child}"
    outcome = run(
        written(steps("a", call=call), "action: write\ntracking: {text: '{{ document.text }}'}", others=others)
    )
    assert [each.summary()["process"] for each in outcome.report.tracked] == ["child"]
    assert outcome.report.tracked[0].step == "Inside"


def test_log_lines_carry_the_fields_without_secrets(written, run, caplog):
    caplog.set_level(logging.INFO, "process_runner")
    run(written(steps("hush-hush", "b"), "action: write\ntracking: {text: '{{ document.text }}', who: me}"))
    record = next(each for each in caplog.records if each.getMessage().startswith("tracked"))
    line = json.loads(JsonLines(Redaction(["HUSH-HUSH"])).format(record))
    assert (line["document"], line["status"], line["tracked"]) == ("1", "success", {"text": "***", "who": "me"})
    assert "tracked document 1 (success): text ***, who me" in TextLines(Redaction(["HUSH-HUSH"])).format(record)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_line_tells_tracked_fields(form, tmp_path, capsys):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "1.json").write_text('{"customer": {"id": "acme"}}')
    (tmp_path / "project.yaml").write_text(
        f"""\
connections:
  files: {{connector: disk, folder: {tmp_path / "orders"}}}
operations:
  read:
    connector: disk
    action: get
    tracking: {{customer: "{{{{ json('customer.id') }}}}", file: "{{{{ prop.disk.file_name }}}}"}}
processes:
  main:
    steps:
      - start: {{connection: files, operation: read, parameters: {{id: 1.json}}}}
"""
    )
    store = f"sqlite:///{tmp_path / 'state.sqlite'}"
    assert main(["run", str(tmp_path / "project.yaml"), "--json", "--log-format", form, "--store", store]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["tracked"] == [
        {
            "process": "main",
            "step": "start",
            "document": "1",
            "status": "success",
            "fields": {"customer": "acme", "file": "1.json"},
        }
    ]
    assert "tracked document 1 (success): customer acme, file 1.json" in told.err


def test_a_secret_is_hidden_before_a_value_is_cut(written, run):
    tracking = "action: write\ntracking: {long: \"{{ 'x' * 990 }}hunter2-very-secret\"}"
    outcome = run(written(steps("a"), tracking), redaction=Redaction(["hunter2-very-secret"]))
    assert rows(outcome) == [("1", "success", {"long": "x" * 990 + "***"})]
