"""Tracking, archiving, caching and dynamic connections in worker processes."""

import logging
import socket

from process_runner.redaction import Redaction

HEAD = """\
connections:
  files: {{connector: disk, folder: {0}}}
operations:
  read:
    connector: disk
    action: get
    tracking: {{text: "{{{{ document.text }}}}"}}
    archiving: {{folder: {0}/archive}}
    caching: {{cache: texts, key: "{{{{ document.text }}}}"}}
processes:
  main:
    steps:
      - start: {{documents: [a, b, c, d]}}
"""


def test_what_workers_keep_is_that_of_the_execution(run, tmp_path, caplog):
    caplog.set_level(logging.INFO, "process_runner")
    for name in "abcd":
        (tmp_path / name).write_text(name.upper())
    steps = """\
      - branch:
          - - flow_control: {processes: 2}
            - connector: {connection: files, operation: read, parameters: {id: "{{ document.text }}"}}
            - stop:
          - - message: "{{ lookup('texts', document.text | upper) }} from the cache"
      - return_documents:
"""
    outcome = run(HEAD.format(tmp_path) + steps)
    tracked = sorted((each.document, each.step, dict(each.fields)["text"]) for each in outcome.report.tracked)
    assert tracked == [
        ("1", "connector", "A"),
        ("2", "connector", "B"),
        ("3", "connector", "C"),
        ("4", "connector", "D"),
    ]
    assert outcome.report.tracked_count == 4
    folder = tmp_path / "archive" / outcome.report.execution_id / "connector"
    assert sorted(each.read_text() for each in folder.glob("*.output")) == ["A", "B", "C", "D"]
    assert outcome.texts == [f"{name} from the cache" for name in "ABCD"]
    lines = [record for record in caplog.records if record.getMessage().startswith("tracked document 3")]
    assert [(line.document, line.tracked) for line in lines] == [("3", {"text": "C"})]


def test_secrets_that_workers_met_are_hidden_here(run):
    redaction = Redaction()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = run(
            f"""\
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
      - start: {{documents: [secret-of-one, secret-of-two]}}
      - flow_control: {{processes: 2}}
      - connector:
          connection: store
          operation: read
          parameters: {{id: key}}
          dynamic_connection: {{secret_key: "{{{{ document.text }}}}"}}
""",
            redaction=redaction,
        )
    assert len(outcome.report.failures) == 2
    assert redaction.secrets == {"secret-of-one", "secret-of-two"}
