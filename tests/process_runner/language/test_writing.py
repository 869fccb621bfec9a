"""What is written of a loaded project; that all of it loads again is promised in tests/semantics/test_round_trip.py."""

import pytest
import yaml

from process_runner.language.selection import needed_by
from process_runner.language.writing import Writer
from process_runner.language.yaml_text import yaml_text
from process_runner.redaction import Redaction

PROJECT = """
connections:
  files: {connector: disk, folder: in}
  rest: {connector: disk, folder: out}
operations:
  find: {connector: disk, action: query, tracking: {n: "{{ call('rest', 'read') }}"}}
  read: {connector: disk, action: get}
  remove: {connector: disk, action: delete}
processes:
  main:
    steps:
      - connector: {connection: files, operation: find}
      - try_catch: {try: [process_call: {process: child}], catch: [notify: "{{ error.message }}"]}
  child: {steps: [message: hello]}
  other: {steps: [connector: {connection: files, operation: remove}]}
"""


def steps(loaded, text, **writer):
    """The steps of a process `p`, written."""
    return Writer(**writer).project(loaded(f"processes: {{p: {{steps: [{text}]}}}}"))["processes"]["p"]["steps"]


def test_what_is_not_written_is_left_out_unless_all_is_asked_for(loaded):
    assert steps(loaded, "notify: a") == [{"notify": "a"}]
    assert steps(loaded, "notify: a", complete=True) == [{"notify": {"text": "a", "level": "info", "once": False}}]


def test_steps_carry_the_names_that_reports_call_them_by(loaded):
    written = steps(loaded, "{message: a}, {message: b}, {name: c, message: c}")
    assert [each.get("name") for each in written] == [None, "message 2", "c"]


@pytest.mark.parametrize("path", ["orders", "a b.c", '[*].lines[*]."odd.key"', '"\\"".c', '"a[0]"', '"\\\\u00e9 ."'])
def test_paths_into_json_are_written_so_that_they_lead_to_the_same_place(loaded, path):
    project = loaded(f"processes: {{p: {{steps: [data_process: [split: {{format: json, path: '{path}'}}]]}}}}")
    text = yaml_text(Writer().project(project))
    again = loaded(text)
    splits = [each.processes["p"].steps[0].shape.operations[0].split for each in (project, again)]
    assert splits[0].path == splits[1].path


def test_texts_are_quoted_where_any_reader_would_take_them_for_something_else():
    texts = ["on", "1e5", "1_0", "~", "", "2026-01-31", "a", "it's", "<<", "0o7", "line\nline\n", "nbsp\xa0"]
    assert yaml.safe_load(yaml_text(texts)) == texts
    assert yaml_text({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"
    assert yaml_text("plain words") == "plain words\n...\n"


def test_secrets_are_masked_however_short_they_are(loaded):
    project = loaded(
        "connections: {s: {connector: s3, access_key: '${KEY}', secret_key: abc}}\n"
        "operations: {put: {connector: s3, action: upsert, object_type: dynamic-bucket, tags: {who: '${KEY}!'}}}",
        {"KEY": "hidden"},
    )
    text = yaml_text(Writer(redact=Redaction(project.secrets)).project(project))
    assert "hidden" not in text
    assert "secret_key: '***'" in text
    assert "who: '***!'" in text


def test_a_process_is_selected_with_all_that_it_may_use(loaded):
    selected = needed_by(loaded(PROJECT), "main")
    assert list(selected.processes) == ["main", "child"]
    assert set(selected.operations) == {"find", "read"}
    assert set(selected.connections) == {"files", "rest"}


def test_a_component_that_only_a_run_can_name_selects_all(loaded):
    project = loaded(PROJECT.replace("message: hello", "message: \"{{ call('rest', document.text) }}\""))
    assert set(needed_by(project, "child").operations) == {"find", "read", "remove"}
