import subprocess
import sys
from pathlib import Path

import pytest

from process_runner.language.loader import Source, load
from process_runner.lint import warnings

EXAMPLES = Path(__file__).parents[3] / "examples"
EXAMPLE_PROJECTS = [each for each in sorted(EXAMPLES.glob("*/")) if not each.name.startswith("connector-")]

NOTHING = "nothing in the project sets the process property"
FIND = "{connector: {connection: store, operation: find}}"
REMOVE_FILE = "{connector: {connection: files, operation: remove-file}}"
REMOVE = "{connector: {connection: store, operation: remove}}"


@pytest.mark.parametrize("end", ["stop: continue", "exception: no", "return_documents: all"])
def test_a_step_after_the_end_of_its_path(warned, end):
    name = end.partition(":")[0]
    assert warned(f"{{{end}}}", "message: never", "message: neither") == [
        f"this step is never reached: every document ends at '{name}'"
    ]


def test_a_step_after_a_block_of_which_every_path_ends(warned):
    both = "decision: {if: '{{ document.size }}', then: [stop: continue], else: [{message: x}, {exception: no}]}"
    assert warned(both, "message: never") == ["this step is never reached: every document ends at 'decision'"]
    assert warned("branch: [[{stop: continue}, {message: never}], [{message: x}]]", "message: reached") == [
        "this step is never reached: every document ends at 'stop'"
    ]


@pytest.mark.parametrize(
    "steps",
    [
        ("decision: {if: '{{ document.size }}', then: [stop: continue]}", "message: reached"),
        ("try_catch: {try: [{exception: no}], catch: [{notify: '{{ error.message }}'}]}", "message: reached"),
        ("validate: {json_schema: {type: object}, reject: [{stop: continue}]}", "message: reached"),
        ("message: x", "stop: continue"),
    ],
)
def test_a_step_that_some_documents_reach_is_left_alone(warned, steps):
    assert warned(*steps) == []


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        ("{if: '{{ document.size }}'}", "neither path has a step"),
        ("{if: true, then: [{message: x}]}", "its condition is the same for every document"),
        ("{if: {value: a, equals: b}, else: [{message: x}]}", "its condition is the same for every document"),
    ],
)
def test_a_decision_without_effect(warned, decision, reason):
    assert warned(f"decision: {decision}") == [f"this decision has no effect: {reason}"]


def test_a_decision_that_asks_is_left_alone(warned):
    assert warned("decision: {if: {value: a, equals: '{{ document.text }}'}, else: [{message: x}]}") == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("{{ prop.nr }}", "nothing sets the property 'nr' that is read here; known: file_name, number"),
        ("{{ prop['numbr'] }}", "nothing sets the property 'numbr' that is read here; did you mean 'number'?"),
        ("{{ prop.s3.etag }}", "nothing sets the property 's3.etag' that is read here"),
        ("{{ prop.disk.fil_name }}", "there is no property 'disk.fil_name' to be read here; did you mean 'file_name'?"),
        ("{{ prop.meta.code }}", "there is no property 'meta.code' to be read here; known: message, size, status_code"),
    ],
)
def test_a_property_that_nothing_sets(warned, expression, message):
    (found,) = warned("set_properties: {number: 1}", f"""message: "{expression}" """)
    assert found.startswith(message.partition("; known")[0])


@pytest.mark.parametrize(
    "expression",
    [
        "{{ prop.number }}",
        "{{ prop.file_name }}",
        "{{ prop.inline }}",
        "{{ prop.nr | default('') }}",
        "{{ prop.s3.etag | default('') }}",
        "{% if prop.nr is defined %}{% endif %}",
        "{{ prop[document.text] }}",
        "{{ prop.meta.status_code }}",
        "{{ prop.s3.bucket }}",
        "{% for name in prop %}{{ prop[name] }}{% endfor %}",
    ],
)
def test_a_property_that_is_set_or_may_be_missing_is_left_alone(warned, expression):
    assert (
        warned(
            "start: {documents: [{text: x, properties: {inline: 1}}]}",
            "set_properties: {number: 1, s3.bucket: b}",
            f"""message: "{expression}" """,
        )
        == []
    )


def test_what_a_connector_sets_may_be_read(warned):
    assert warned(FIND, "message: '{{ prop.s3.etag }}'") == []
    assert warned("connector: {connection: store, operation: tagged}", "message: '{{ prop.any_tag }}'") == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("{{ process.regoin }}", f"{NOTHING} 'regoin'; did you mean 'region'?"),
        (
            "{{ process['custmer'] }}",
            "nothing in the project sets the process property 'custmer'; did you mean 'customer'?",
        ),
        ("{{ document.txt }}", "there is no 'document.txt' to be read here; did you mean 'text'?"),
        (
            "{{ execution.last_succesful_run }}",
            "there is no 'execution.last_succesful_run' to be read here; did you mean 'last_successful_run'?",
        ),
        ("{{ error.mesage }}", "there is no 'error.mesage' to be read here; did you mean 'message'?"),
    ],
)
def test_a_misspelt_name_of_a_view(warned, expression, message):
    call = "process_call: {process: p, parameters: {customer: 1}}"
    assert warned("set_properties: {process.region: eu}", call, f"""message: "{expression}" """) == [message]


@pytest.mark.parametrize(
    "expression",
    [
        "{{ process.region }}{{ process.customer }}",
        "{{ process.given_with_set }}",
        "{{ process.regoin | default('') }}",
        "{{ document.text }}{{ document.id }}{{ execution.last_run | default('') }}",
        "{{ document.nothing is defined }}",
    ],
)
def test_a_name_that_may_be_there_is_left_alone(warned, expression):
    call = "process_call: {process: p, parameters: {customer: 1}}"
    assert warned("set_properties: {process.region: eu}", call, f"""message: "{expression}" """) == []


def test_a_step_after_an_operation_that_returns_nothing(warned):
    text = "this step is never reached: every document ends at 'connector'; set pass_through: true there"
    assert warned(REMOVE, "message: never") == [text]
    assert warned(REMOVE_FILE, "message: never") == [text]
    assert warned(f"try_catch: {{try: [{REMOVE}], catch: [{{exception: no}}]}}", "message: never") == [
        "this step is never reached: every document ends at 'try_catch'"
    ]


@pytest.mark.parametrize(
    "steps",
    [
        (REMOVE,),
        ("connector: {connection: store, operation: remove, pass_through: true}", "message: reached"),
        ("connector: {connection: store, operation: remove, return_application_errors: true}", "message: reached"),
        ("connector: {connection: store, operation: fetch}", "message: reached"),
        (f"branch: [[{REMOVE}], [{{message: x}}]]", "message: reached"),
    ],
)
def test_a_step_that_documents_reach_past_an_operation_is_left_alone(warned, steps):
    assert warned(*steps) == []


def test_components_that_no_process_uses_and_their_places(project, components):
    text = components + "processes: {p: {steps: [{message: \"{{ call('files', 'list') }}\"}, " + FIND + "]}}"
    found = warnings(project(text, environment={"KEY": "k3y-value"}))
    assert {(each.place.line, each.message) for each in found} == {
        (7, "no process uses this operation, 'find-some'"),
        (8, "no process uses this operation, 'fetch'"),
        (9, "no process uses this operation, 'tagged'"),
        (10, "no process uses this operation, 'remove'"),
        (12, "no process uses this operation, 'files'"),
        (13, "no process uses this operation, 'remove-file'"),
        (14, "no process uses this operation, 'read'"),
        (15, "no process uses this operation, 'write'"),
        (16, "no process uses this operation, 'append'"),
        (17, "no process uses this operation, 'store'"),
    }


def test_components_of_a_project_without_processes_have_users_elsewhere(project, components):
    assert warnings(project(components, environment={"KEY": "k3y-value"})) == []


def test_a_secret_that_stands_in_the_file_and_is_not_shown(project, components):
    text = components.replace('secret_key: "${KEY}"', "secret_key: literal-word")
    found = [str(each) for each in warnings(project(text, environment={"KEY": "k3y-value"}))]
    assert [each.partition("project.yaml:")[2] for each in found] == [
        "4:60: a secret stands in the file; write ${NAME} or ${file:PATH} for 'secret_key'"
    ]


def test_failures_that_are_caught_and_told_nobody(warned):
    swallowed = "failures are caught and told nobody; write a 'notify' on the catch path, or read {{ error.message }}"
    assert warned("try_catch: {try: [{message: x}]}") == [swallowed]
    assert warned("try_catch: {try: [{message: x}], catch: [{message: sorry}, {stop: continue}]}") == [swallowed]


@pytest.mark.parametrize(
    "catch",
    ["{notify: failed}", "{set_properties: {why: '{{ error.message }}'}}", "{return_documents: failed}", REMOVE],
)
def test_failures_that_are_told_are_left_alone(warned, catch):
    assert warned(f"try_catch: {{try: [{{message: x}}], catch: [{catch}]}}") == []


@pytest.mark.parametrize(
    "between",
    [
        (),
        ("notify: x", "set_properties: {a: 1}"),
        ("connector: {connection: store, operation: fetch}",),
    ],
)
def test_a_delete_of_all_that_a_query_finds(warned, between):
    found = warned(FIND, *between, REMOVE)
    assert found == ["this deletes everything: 'connector' finds all, without a filter"]


def test_a_delete_on_a_path_of_a_block(warned):
    assert warned(FIND, f"try_catch: {{try: [{REMOVE}], catch: [{{notify: x}}]}}") == [
        "this deletes everything: 'connector' finds all, without a filter"
    ]
    assert len(warned("connector: {connection: files, operation: files}", REMOVE_FILE)) == 1
    assert len(warned(FIND, f"branch: [[{{message: x}}], [{REMOVE}]]")) == 1


@pytest.mark.parametrize(
    "steps",
    [
        ("connector: {connection: files, operation: find-some}", REMOVE_FILE),
        ("connector: {connection: store, operation: find, parameters: {prefix: tmp/}}", REMOVE),
        (FIND, f"decision: {{if: '{{{{ document.index > 1 }}}}', then: [{REMOVE}]}}"),
        ("connector: {connection: files, operation: files}", REMOVE),
        ("connector: {connection: store, operation: remove, pass_through: true}", FIND),
    ],
)
def test_a_delete_of_some_is_left_alone(warned, steps):
    assert warned(*steps) == []


@pytest.mark.parametrize("example", EXAMPLE_PROJECTS, ids=lambda path: path.name)
def test_no_example_is_warned_about(registry, example):
    environment = {"AWS_ACCESS_KEY_ID": "example-key", "AWS_SECRET_ACCESS_KEY": "example-secret"}
    assert warnings(load(Source((example,), environment=environment), registry)) == []


def test_validate_prints_warnings_and_exits_with_zero(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("processes: {p: {steps: [{stop: continue}, {message: x}]}}")
    command = [sys.executable, "-m", "process_runner", "validate", "p.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "p.yaml:1:43: warning: this step is never reached: every document ends at 'stop'",
        "p.yaml: valid: 0 connections, 0 operations, 1 process",
    ]
