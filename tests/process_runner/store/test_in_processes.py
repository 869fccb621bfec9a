from datetime import UTC, datetime, timedelta

import pytest

from connector_sdk import Document, Payload
from process_runner.language.place import InvalidProject
from process_runner.store import State

MONDAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)

COUNTING = """
processes:
  count:
    steps:
      - start: passthrough
      - set_properties:
          process.cursor: {value: "{{ document.text }}", persist: true}
          process.passing: "{{ document.text }}"
      - return_documents: all
"""

SHOWING = """
processes:
  count:
    steps:
      - start: no_data
      - message: "{{ process.cursor | default('none') }} {{ process.passing | default('none') }}"
      - return_documents: all
      - set_properties: {process.never: {value: "1", persist: true}}
"""

NUMBERING = """
processes:
  number:
    steps:
      - start: {documents: [a, b, c]}
      - message: "{{ sequence('invoice', width=6) }} {{ sequence('other') }}"
      - return_documents: all
"""

SINCE = """
processes:
  since:
    steps:
      - start: no_data
      - message: "{{ execution.last_run | default('never') }} {{ execution.last_successful_run | default('never') }}"
      - return_documents: all
"""


@pytest.fixture
def state(tmp_path):
    made = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield made
    made.close()


def documents(*texts):
    return [Document(Payload(text.encode())) for text in texts]


def test_the_last_value_of_a_persisted_property_is_there_in_the_next_run(run, state):
    assert run(COUNTING, documents=documents("7", "8"), state=state).report.status == "complete"
    assert run(SHOWING, state=state).texts == ["8 none"]


def test_a_value_given_for_the_run_wins_over_the_persisted_one(run, state):
    run(COUNTING, documents=documents("7"), state=state)
    assert run(SHOWING, state=state, process_properties={"cursor": "given"}).texts == ["given none"]


def test_a_document_that_failed_leaves_nothing_behind(run, state):
    failing = COUNTING.replace("process.passing:", "process.other:").replace(
        '"{{ document.text }}"\n', "\"{{ json('id') }}\"\n"
    )
    outcome = run(failing, documents=documents('{"id": 1}', "no json"), state=state)
    assert outcome.report.documents_failed == 1
    assert run(SHOWING, state=state).texts == ['{"id": 1} none']


def test_persisting_a_document_property_is_an_error_that_says_what_works(project):
    with pytest.raises(InvalidProject) as caught:
        project("processes: {p: {steps: [{set_properties: {cursor: {value: 1, persist: true}}}]}}")
    assert str(caught.value).endswith(": a document property ends with its document; 'process.cursor' can be persisted")


def test_a_secret_is_not_kept(run, project, state):
    loaded = project(
        """
        processes:
          count:
            steps:
              - set_properties: {process.cursor: {value: "Bearer ${TOKEN}", persist: true}}
        """,
        environment={"TOKEN": "s3cr3t-w0rd"},
    )
    outcome = run(loaded, state=state)
    assert [failure.code for failure in outcome.report.failures] == ["SecretNotKept"]
    assert state.properties("count") == {}


def test_sequences_go_on_in_the_next_run(run, state):
    assert run(NUMBERING, state=state).texts == ["000001 1", "000002 2", "000003 3"]
    state.close()
    assert run(NUMBERING, state=state).texts == ["000004 4", "000005 5", "000006 6"]


def test_the_first_run_has_no_earlier_one(run, state):
    assert run(SINCE, state=state).texts == ["never never"]
    strict = SINCE.replace(" | default('never')", "")
    outcome = run(strict.replace("since:", "strict:"), state=state)
    assert "execution.last_run is not there: the process has no earlier run" in outcome.messages[0]


def test_a_run_that_failed_is_the_last_one_and_not_the_last_successful_one(run, state):
    failing = SINCE + "      - exception: no\n"
    failing = failing.replace("      - return_documents: all\n", "")
    run(SINCE, state=state, clock=lambda: MONDAY)
    assert run(failing, state=state, clock=lambda: MONDAY + timedelta(days=1)).report.status == "error"
    (text,) = run(SINCE, state=state).texts
    assert text == "2026-01-06T08:30:00+00:00 2026-01-05T08:30:00+00:00"


def test_a_process_that_does_not_ask_for_its_last_run_opens_no_store(run, tmp_path):
    state = State(f"sqlite:///{tmp_path / 'untouched.sqlite'}")
    run("processes: {p: {steps: [{message: 'at {{ execution.started }}'}]}}", state=state)
    assert not (tmp_path / "untouched.sqlite").exists()


def test_a_store_that_cannot_be_opened_stops_the_process_and_names_itself(run):
    outcome = run(NUMBERING, state=State("sqlite:////proc/nothing/state.sqlite"))
    assert outcome.report.status == "error"
    assert [(failure.document, failure.code) for failure in outcome.report.failures] == [(None, "StoreFailed")]
    assert "sqlite:////proc/nothing/state.sqlite cannot be created" in outcome.messages[0]


def test_an_operation_whose_archive_is_named_after_the_last_run_asks_for_it_too(run, project, state, tmp_path):
    (tmp_path / "files").mkdir()
    loaded = project(
        f"""
        connections: {{files: {{connector: disk, folder: "{tmp_path}/files"}}}}
        operations:
          write:
            connector: disk
            action: create
            tracking: {{since: "{{{{ execution.last_run | default('never') }}}}"}}
        processes:
          p: {{steps: [{{connector: {{connection: files, operation: write}}}}]}}
        """
    )
    for _ in range(2):
        assert run(loaded, state=state).messages == []
    assert state.runs("p").last_successful is not None
