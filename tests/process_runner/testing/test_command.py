import os
import subprocess
import sys

from lxml import etree

PROJECT = """
processes:
  greet:
    steps:
      - start: passthrough
      - name: Known?
        decision:
          if: {value: "{{ json('name') }}", equals: Bo}
          then:
            - message: "{\\"to\\": \\"{{ json('name') }}\\", \\"nr\\": {{ prop.nr }}}"
            - set_properties: {greeted: "{{ process.greeting }}"}
          else:
            - exception: "who is {{ json('name') }}?"
      - notify: {level: warning, title: greeted, text: "{{ document.text }}"}
      - return_documents: greetings
"""

PASSING = """
process: greet
tests:
  - name: a known name is greeted
    input: [{json: {name: Bo}, properties: {nr: 7}}]
    process_properties: {greeting: Hello}
    expect:
      status: complete_with_warnings
      returned: {greetings: [{json: {nr: 7, to: Bo}, properties: {greeted: Hello, nr: 7}}]}
      notifications: [{level: warning, text: "greeted: *"}]
  - name: an unknown one fails
    input: ['{"name": "Al"}']
    expect:
      failures: [{step: exception, document: "1", code: Exception, message: who is Al?}]
      returned: {}
"""


def test_tests_that_pass_exit_with_zero_and_say_how_much_they_reached(tested):
    done = tested(PROJECT, PASSING)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  ok    a known name is greeted\n  ok    an unknown one fails\n" in done.stdout
    assert "2 tests, 0 failed; 7 of 7 steps reached" in done.stdout
    assert "never reached" not in done.stdout
    assert done.stderr == ""


def test_a_test_that_fails_shows_what_differs_and_exits_with_one(tested):
    wrong = PASSING.replace("{nr: 7, to: Bo}", "{nr: 8, to: Bo}").replace("greeted: Hello", "greeted: Hi")
    done = tested(PROJECT, wrong)
    assert done.returncode == 1
    assert "  FAIL  a known name is greeted\n  " in done.stdout
    assert '            -  "nr": 8,\n            +  "nr": 7,\n' in done.stdout
    assert (
        "        returned 'greetings', document 1, property greeted:\n"
        "            expected: Hi\n                 got: Hello\n" in done.stdout
    )
    assert "  ok    an unknown one fails" in done.stdout
    assert "2 tests, 1 failed" in done.stdout


def test_steps_and_paths_that_no_test_reached_are_told_with_their_place(tested):
    only_first = PASSING[: PASSING.index("  - name: an unknown")]
    done = tested(PROJECT, only_first)
    assert done.returncode == 0
    assert done.stdout.split("never reached:\n")[1].splitlines()[0] == "  project/p.yaml:13:15: path 'else' of 'Known?'"
    assert "6 of 7 steps reached" in done.stdout


def test_a_run_that_fails_unexpectedly_fails_its_test_and_says_why(tested):
    done = tested(PROJECT, 'tests: [{name: one, input: [\'{"name": "Al"}\']}]')
    assert done.returncode == 1
    assert "status: expected complete, got error\n" in done.stdout
    assert "document 1 failed at 'exception': Exception: who is Al?\n" in done.stdout


def test_more_or_fewer_documents_failures_and_lines_than_expected_are_told(tested):
    tests = """
    tests:
      - name: one
        input: [{json: {name: Bo}, properties: {nr: 7}}]
        process_properties: {greeting: Hello}
        expect:
          returned: {greetings: [], others: [x]}
          failures: [{code: Exception}]
          status: complete_with_warnings
          notifications: []
    """
    done = tested(PROJECT, tests)
    assert done.returncode == 1
    for line in (
        "returned 'greetings': expected 0 documents, got 1",
        "returned 'greetings', document 1: not expected:",
        "returned 'others': expected 1 document, got 0",
        "failure 1: expected code 'Exception', got none",
        'got: warning: greeted: {"to": "Bo", "nr": 7}',
    ):
        assert line in done.stdout


def test_junit_xml_has_a_case_for_each_test(tested, tmp_path):
    done = tested(PROJECT, PASSING.replace("complete_with_warnings", "complete"), "--junit", "out/junit.xml")
    assert done.returncode == 1
    (suite,) = etree.parse(tmp_path / "out" / "junit.xml").getroot()
    assert {name: suite.get(name) for name in ("name", "tests", "failures")} == {
        "name": "project/p.test.yaml",
        "tests": "2",
        "failures": "1",
    }
    first, second = suite
    assert (first.get("name"), len(first), len(second)) == ("a known name is greeted", 1, 0)
    assert first[0].get("message") == "status: expected complete, got complete_with_warnings"
    assert float(first.get("time")) >= 0


def test_a_mistake_in_a_test_file_is_told_at_its_place(tested):
    tests = """
    process: greet
    tests:
      - name: one
        inputs: []
        clock: tomorrow
        expect: {status: done, returned: {greetings: [{text: a, json: 1}]}}
      - mocks: {Greet: {returns: [], fails: {message: no}}}
    """
    done = tested(PROJECT, tests)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "project/p.test.yaml:5:5: unknown setting 'inputs'; did you mean 'input'?",
        "project/p.test.yaml:7:22: 'done' is not possible here; "
        "known: aborted, complete, complete_with_warnings, error",
        "project/p.test.yaml:8:5: missing 'name'",
    ]


def test_what_a_schema_cannot_say_is_told_at_its_place_too(tested):
    tests = """
    tests:
      - name: one
        clock: tomorrow
        input: [{base64: "?"}]
        expect: {returned: {greetings: [{text: a, json: 1}]}}
        mocks: {Greet: {returns: [], fails: {message: no}}}
    """
    done = tested(PROJECT, tests)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "project/p.test.yaml:4:12: 'tomorrow' is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z",
        "project/p.test.yaml:5:22: this is not base64: Only base64 data is allowed",
        "project/p.test.yaml:6:37: a document has one content, not text and json",
        "project/p.test.yaml:7:20: an answer has either 'returns' or 'fails'",
    ]


def test_names_that_the_project_does_not_have_are_told(tested):
    done = tested(PROJECT, "process: great\ntests: [{name: one}]")
    assert (done.returncode, done.stderr) == (
        2,
        "project/p.test.yaml:1:10: no process 'great' in the project; did you mean 'greet'?\n",
    )
    done = tested(PROJECT, "tests: [{name: one, mocks: {Known?: {returns: []}}}]")
    assert done.stderr == "project/p.test.yaml:1:29: no connector step 'Known?' in process 'greet'\n"


def test_a_path_without_tests_is_an_error(tested, tmp_path):
    (tmp_path / "empty").mkdir()
    done = tested(PROJECT, PASSING, path="empty")
    assert (done.returncode, done.stderr) == (2, "empty:1:1: there is no file named *.test.yaml\n")


def test_tests_that_fail_are_told_by_the_exit_code_even_where_nobody_reads(tested, tmp_path):
    tested(PROJECT, 'tests: [{name: one, input: [\'{"name": "Al"}\']}]')
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "process_runner", "test", "project"]
    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, timeout=120, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


BRINGING = """
connections:
  s: {connector: s3, access_key: aaaaaaaa, secret_key: bbbbbbbb, allow_dynamic_connection: [secret_key]}
operations:
  get: {connector: s3, action: get, object_type: bucket-one}
processes:
  p:
    steps:
      - start: {documents: [doc-brought-secret]}
      - name: fetch
        connector:
          connection: s
          operation: get
          parameters: {id: k}
          dynamic_connection: {secret_key: "{{ document.text }}"}
          pass_through: true
      - notify: "got {{ document.text }}"
"""


def test_secrets_that_documents_bring_are_hidden_in_differences(tested):
    tests = """
    tests:
      - {name: one, sandbox: {buckets: {bucket-one: {k: x}}}, expect: {notifications: [other]}}
    """
    done = tested(BRINGING, tests)
    assert done.returncode == 1
    assert "got ***" in done.stdout
    assert "doc-brought-secret" not in done.stdout
