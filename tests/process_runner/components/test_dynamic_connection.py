"""dynamic_connection: settings of a connection that documents change."""

import json
import logging
import socket

import pytest

from process_runner.cli import main
from process_runner.components.dynamic_clients import MOST_OPEN
from process_runner.language.place import InvalidProject
from process_runner.log import JsonLines, TextLines
from process_runner.redaction import Redaction
from process_runner.store import State

ALLOWED = "allow_dynamic_connection: [tenant, port, password]"


def steps(*documents, tenant="{{ document.text }}", settings="", call="", after=""):
    dynamic = f"dynamic_connection: {{tenant: '{tenant}'{settings}}}"
    return f"""\
- start: {{documents: {json.dumps(documents)}}}
- connector: {{connection: rec, operation: op, {dynamic}{call}}}
{after}
- return_documents:"""


def most_open(lines):
    """How many clients were open at once."""
    count = most = 0
    for kind, *_ in lines:
        count += {"open": 1, "close": -1}.get(kind, 0)
        most = max(most, count)
    assert count == 0, "a client was not closed"
    return most


def test_each_document_is_written_through_the_settings_that_it_names(run, tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "duff").mkdir()
    outcome = run(f"""\
connections:
  files: {{connector: disk, folder: {tmp_path / "nowhere"}, allow_dynamic_connection: [folder]}}
operations:
  write: {{connector: disk, action: create}}
processes:
  main:
    steps:
      - start: {{documents: [acme, duff, missing]}}
      - set_properties: {{disk.file_name: "{{{{ document.text }}}}.txt"}}
      - connector:
          connection: files
          operation: write
          dynamic_connection: {{folder: "{tmp_path}/{{{{ document.text }}}}"}}
""")
    assert (tmp_path / "acme" / "acme.txt").read_text() == "acme"
    assert (tmp_path / "duff" / "duff.txt").read_text() == "duff"
    assert [(failure.document, failure.code) for failure in outcome.report.failures] == [("3", "InvalidConnection")]
    assert "connection 'files': setting folder: the folder" in outcome.messages[0]


def test_a_client_is_opened_once_for_each_set_of_values_and_closed_at_the_end(written, run, journal):
    outcome = run(written(steps("a", "b", "a", "b", "a"), connection=ALLOWED))
    assert outcome.texts == ["A", "B", "A", "B", "A"]
    assert [line[1] for line in journal("open")] == ["a", "b"]
    assert [line[1] for line in journal("serve")] == ["a", "b", "a", "b", "a"]
    assert sorted(line[1] for line in journal("close")) == ["a", "b"]


def test_steps_share_the_clients_of_the_execution(written, run, journal):
    after = "- connector: {connection: rec, operation: op, dynamic_connection: {tenant: '{{ document.text | lower }}'}}"
    run(written(steps("a", "b", after=after), connection=ALLOWED))
    assert [line[1] for line in journal("open")] == ["a", "b"]


def test_settings_that_are_not_overridden_stay_and_the_others_fit_as_yaml_would_have_them(written, run, journal):
    settings = ", port: '{{ json(\"port\") }}'"
    documents = ('{"tenant": 7, "port": 1}', '{"tenant": 8, "port": "2"}')
    run(written(steps(*documents, tenant='{{ json("tenant") }}', settings=settings), connection=ALLOWED))
    assert journal("open") == [["open", "7", 1], ["open", "8", 2]]


def test_no_more_clients_stay_open_than_the_limit(written, run, journal):
    names = [f"tenant {number}" for number in range(3 * MOST_OPEN)]
    outcome = run(written(steps(*names), connection=ALLOWED))
    assert len(outcome.texts) == len(names)
    assert most_open(journal()) <= MOST_OPEN + 1


def test_documents_served_at_once_keep_their_clients(written, run, journal):
    names = [f"tenant {number % 40}" for number in range(200)]
    outcome = run(written(steps(*names, call=", concurrency: 8"), connection=ALLOWED))
    assert outcome.texts == [name.upper() for name in names]
    assert [line for line in journal("serve") if line[1] != line[2]] == []
    assert most_open(journal()) <= MOST_OPEN + 8


def test_a_batch_has_one_connection(written, run, journal):
    outcome = run(written(steps("a", "a", "b", "unknown", "unknown", "a"), "action: together", ALLOWED))
    assert journal("batch") == [["batch", "a", ["a", "a"]], ["batch", "b", ["b"]], ["batch", "a", ["a"]]]
    assert outcome.texts == ["A", "A", "B", "A"]
    assert [failure.document for failure in outcome.report.failures] == ["4", "5"]


def test_the_call_of_a_start_step_may_change_its_connection(written, run, journal):
    text = "- start: {connection: rec, operation: op, dynamic_connection: {tenant: '{{ process.tenant }}'}}"
    run(written(text, "action: make", ALLOWED), process_properties={"tenant": "acme"})
    assert journal("open") == [["open", "acme", 80]]


@pytest.mark.parametrize(
    ("settings", "documents", "message"),
    [
        (", port: '{{ document.text }}'", ("x", "8"), "connection 'rec', dynamic port: "),
        (", port: 0", ("x",), "connection 'rec', dynamic port: "),
        (", port: '{{ prop.port }}'", ("x",), "the document has no property 'port'"),
    ],
)
def test_values_that_do_not_fit_fail_their_document_alone(written, run, journal, settings, documents, message):
    outcome = run(written(steps(*documents, tenant="t", settings=settings), connection=ALLOWED))
    assert len(outcome.report.failures) == 1
    assert message in outcome.messages[0]
    assert len(journal("serve")) == len(documents) - 1


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        ("", "14:74: connection 'rec' does not name 'tenant' in allow_dynamic_connection"),
        (
            "allow_dynamic_connection: [port]",
            "14:74: connection 'rec' does not name 'tenant' in allow_dynamic_connection",
        ),
        ("allow_dynamic_connection: [tennant]", "5:32: 'tennant' is not possible here; did you mean 'tenant'?"),
    ],
)
def test_settings_that_are_not_allowed_are_told_at_their_place(written, project, connection, expected):
    with pytest.raises(InvalidProject) as caught:
        project(written(steps("a"), connection=connection))
    assert [str(each).partition("project.yaml:")[2] for each in caught.value.problems] == [expected]


def test_settings_that_do_not_exist_are_told_at_their_place(written, project):
    with pytest.raises(InvalidProject, match=r"14:.*has no setting 'prt'; did you mean 'port'\?"):
        project(written(steps("a", settings=", prt: 1"), connection=ALLOWED))


def test_where_another_connection_stands_in_documents_change_nothing(written, project, run, journal, tmp_path):
    stand_in = {"connector": "rec", "journal": str(tmp_path / "journal"), "tenant": "sandbox"}
    text = written(steps("a", "b", settings=", password: 'hidden {{ document.text }}'"), connection=ALLOWED)
    redaction = Redaction()
    assert run(project(text, replaced_connections={"rec": stand_in}), redaction=redaction).texts == ["A", "B"]
    assert journal("open") == [["open", "sandbox", 80]]
    assert redaction.secrets == {"hidden a", "hidden b"}


def test_secrets_among_the_values_are_shown_nowhere(written, run, caplog):
    caplog.set_level(logging.INFO)
    redaction = Redaction()
    settings = ", password: '{{ document.text }}'"
    operation = "action: write\ntracking: {text: '{{ document.text }}'}"
    outcome = run(written(steps("bad-secret", tenant="t", settings=settings), operation, ALLOWED), redaction=redaction)
    raw = [record.getMessage() for record in caplog.records]
    assert any("failed, password bad-secret" in line for line in raw)
    assert "bad-secret" in json.dumps(outcome.report.summary())
    shown = [TextLines(redaction).format(record) for record in caplog.records]
    shown += [JsonLines(redaction).format(record) for record in caplog.records]
    shown.append(json.dumps(redaction.within(outcome.report.summary())))
    assert [line for line in shown if "bad-secret" in line] == []
    assert any("failed, password ***" in line for line in shown)


def test_the_command_line_hides_secrets_that_came_from_documents(tmp_path, capsys):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (tmp_path / "project.yaml").write_text(f"""\
connections:
  store:
    connector: s3
    access_key: some-key
    secret_key: some-secret
    endpoint_url: http://127.0.0.1:{unused.getsockname()[1]}
    retry: {{waits: []}}
    allow_dynamic_connection: [secret_key]
operations:
  read: {{connector: s3, action: get, object_type: bucket}}
processes:
  main:
    steps:
      - start: {{documents: [secret-of-a-document]}}
      - try_catch:
          try:
            - connector:
                connection: store
                operation: read
                parameters: {{id: key}}
                dynamic_connection: {{secret_key: "{{{{ document.text }}}}"}}
          catch:
            - notify: "caught {{{{ document.text }}}}"
            - exception: "no {{{{ document.text }}}}"
""")
        store = f"sqlite:///{tmp_path / 'state.sqlite'}"
        assert main(["run", str(tmp_path / "project.yaml"), "--json", "--store", store]) == 1
    told = capsys.readouterr()
    assert "caught ***" in told.err
    assert json.loads(told.out)["failures"][0]["message"] == "no ***"
    assert "secret-of-a-document" not in told.out + told.err


def test_a_secret_from_a_document_cannot_be_persisted(written, run, tmp_path):
    settings = ", password: '{{ document.text }}'"
    after = "- set_properties: {process.kept: {value: '{{ document.text | lower }}', persist: true}}"
    outcome = run(
        written(steps("hush-hush", tenant="t", settings=settings, after=after), connection=ALLOWED),
        state=State(f"sqlite:///{tmp_path / 'state.sqlite'}"),
    )
    assert [failure.code for failure in outcome.report.failures] == ["SecretNotKept"]
