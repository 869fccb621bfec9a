"""Whole processes, as people write them."""

import json
import textwrap

import pytest

from connector_sdk.runtime import LocalRuntime
from process_runner import plugins
from process_runner.engine.execution import Execution, Options
from process_runner.language.loader import Source, load
from process_runner.store import State


@pytest.fixture
def run(api, tmp_path):
    """Runs the one process of a project; its report, and the texts that it returned by label."""
    numbers = iter(range(100))

    def run_text(text, **options):
        folder = tmp_path / f"run-{next(numbers)}"
        folder.mkdir()
        path = folder / "project.yaml"
        connection = f"connections:\n  api: {{connector: http, url: '{api.url}', retry: {{waits: []}}}}\n"
        path.write_text(connection + textwrap.dedent(text), encoding="utf-8")
        project = load(Source((path,)), plugins.load())
        returned = {}

        def keep(label, document):
            returned.setdefault(label, []).append(document.payload.read().decode())

        (process,) = project.processes.values()
        report = Execution(project, process, LocalRuntime(folder), Options(returned=keep, **options)).run()
        return report, returned

    return run_text


def failures(report):
    return [(failure.code, failure.message) for failure in report.failures]


def test_records_of_many_pages_go_through_a_process(api, reply, run):
    def page(asked):
        number = int(asked.query.rpartition("=")[2])
        return reply(200, json.dumps([{"id": (number - 1) * 50 + each} for each in range(50)] * (number <= 4)).encode())

    api.on("/items", page)
    report, returned = run(
        """
        operations:
          items: {connector: http, action: get, path: items, paging: {kind: page}, records: $}
        processes:
          p:
            steps:
              - start: {connection: api, operation: items}
              - message: "{{ prop.http.page }}:{{ json('id') }}"
              - return_documents: found
        """
    )

    assert report.status == "complete"
    assert returned["found"] == [f"{number // 50 + 1}:{number}" for number in range(200)]


def test_what_the_server_refuses_fails_its_document_or_goes_on_as_the_step_says(api, reply, run):
    api.on("/items/1", reply(200, b"one"))
    text = """
        operations:
          item: {connector: http, action: get, path: "items/{id}"}
        processes:
          p:
            steps:
              - start: {documents: [{text: a, properties: {id: "1"}}, {text: b, properties: {id: "2"}}]}
              - connector: {connection: api, operation: item, return_application_errors: RETURN}
              - message: "{{ prop.meta.status_code }} {{ prop.http.status_code | default('none') }}"
              - return_documents: found
        """

    report, returned = run(text.replace("RETURN", "false"))
    assert returned["found"] == ["200 200"]
    assert failures(report) == [("404", f"GET {api.url}/items/2 failed: 404 Not Found: nothing here")]

    report, returned = run(text.replace("RETURN", "true"))
    assert returned["found"] == ["200 200", "404 none"]
    assert report.failures == []


def test_a_catch_path_gets_what_a_server_would_not_take(api, reply, run):
    api.on("/items", lambda asked: reply(201) if asked.body == b"good" else reply(422, b'{"field": "bad"}'))
    report, returned = run(
        """
        operations:
          send: {connector: http, action: send, path: items}
        processes:
          p:
            steps:
              - start: {documents: [good, bad]}
              - try_catch:
                  try:
                    - connector: {connection: api, operation: send, pass_through: true}
                    - return_documents: taken
                  catch:
                    - message: "{{ error.code }}: {{ document.text }}"
                    - return_documents: refused
        """
    )

    assert report.failures == []
    assert returned == {"taken": ["good"], "refused": ["422: bad"]}


def test_options_come_from_documents(api, reply, run):
    api.server.reply = lambda asked: reply(200, f"{asked.method} {asked.target} {asked.headers['X-Day']}".encode())
    report, returned = run(
        """
        operations:
          read: {connector: http, action: get, path: reports}
        processes:
          p:
            steps:
              - start: {documents: [{text: "2026-04-01", properties: {q: "a b"}}]}
              - connector:
                  connection: api
                  operation: read
                  parameters: {path: "{{ document.text }}"}
                  dynamic:
                    query: "{{ {'q': prop.q, 'n': [1, 2]} }}"
                    headers: "{{ {'X-Day': document.text} }}"
              - return_documents: found
        """
    )

    assert failures(report) == []
    assert returned["found"] == ["GET /reports/2026-04-01?q=a%20b&n=1&n=2 2026-04-01"]


def test_an_option_from_a_document_that_cannot_be_sent_fails_it(api, run):
    report, _ = run(
        """
        operations:
          read: {connector: http, action: get}
        processes:
          p:
            steps:
              - start: {documents: ["../admin", "a\\r\\nX-Evil: 1"]}
              - connector:
                  connection: api
                  operation: read
                  dynamic: {path: "{{ document.text }}", headers: "{{ {'X-A': document.text} }}"}
        """
    )

    assert [code for code, _ in failures(report)] == ["InvalidOption", "InvalidOption"]
    assert api.asked == []


def test_an_answer_is_a_value_of_an_expression(api, reply, run):
    api.on("/rates/EUR", reply(200, b'{"rate": 1.08}'))
    _, returned = run(
        """
        operations:
          rate: {connector: http, action: get, path: rates}
        processes:
          p:
            steps:
              - start: no_data
              - message: "{{ call('api', 'rate', path='EUR') }}"
              - return_documents: found
        """
    )

    assert [json.loads(text) for text in returned["found"]] == [{"rate": 1.08}]


def test_an_etag_that_was_persisted_saves_the_next_run_the_work(api, reply, run, tmp_path):
    api.on(
        "/feed", lambda asked: reply(304) if asked.headers["If-None-Match"] else reply(200, b"f", (("ETag", '"1"'),))
    )
    text = """
        operations:
          feed: {connector: http, action: get, path: feed, only_if_changed: true}
        processes:
          p:
            steps:
              - start: no_data
              - set_properties: {http.etag: "{{ process.feed_etag | default('') }}"}
              - connector: {connection: api, operation: feed}
              - set_properties: {process.feed_etag: {value: "{{ prop.http.etag }}", persist: true}}
              - return_documents: found
        """
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")

    outcomes = [run(text, state=state)[1] for _ in range(2)]

    assert outcomes == [{"found": ["f"]}, {}]
    assert [asked.headers["If-None-Match"] for asked in api.asked] == [None, '"1"']


def test_threads_share_a_connection(api, reply, run):
    api.server.reply = lambda asked: reply(200, asked.body)
    report, returned = run(
        """
        operations:
          send: {connector: http, action: send, method: PUT}
        processes:
          p:
            steps:
              - start: passthrough
              - flow_control: {threads: 4, batch: 5}
              - connector: {connection: api, operation: send, concurrency: 3}
              - return_documents: found
        """,
        documents=documents(60),
    )

    assert failures(report) == []
    assert sorted(returned["found"], key=int) == [str(number) for number in range(60)]


def documents(count):
    from connector_sdk import Document, Payload

    return [Document(Payload(str(number).encode()), id=str(number)) for number in range(count)]
