import json
import pickle

import pytest

from connector_sdk import Document, Payload
from process_runner.language.place import InvalidProject

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "day": {"format": "date"}, "lines": {"items": {"$ref": "#/$defs/line"}}},
    "$defs": {"line": {"properties": {"count": {"type": "integer", "minimum": 1}}}},
}


@pytest.fixture
def validated(run):
    """Validates documents given as values or texts; rejected ones return as `bad` with the reason."""

    def validate(*contents, schema=SCHEMA, reject=True):
        bad = [{"message": "{{ error.code }} {{ error.step }} {{ error.message }}"}, {"return_documents": "bad"}]
        shape = {"json_schema": schema, **({"reject": bad} if reject else {})}
        steps = [{"start": "passthrough"}, {"name": "Check", "validate": shape}, {"return_documents": "good"}]
        texts = [each if isinstance(each, str) else json.dumps(each) for each in contents]
        documents = [Document(Payload(text.encode())) for text in texts]
        return run(json.dumps({"processes": {"p": {"steps": steps}}}), documents=documents)

    return validate


def test_documents_that_break_the_schema_go_down_reject_with_every_violation(validated):
    outcome = validated({"id": "1"}, {"id": 2, "lines": [{"count": 1}, {"count": 0}]})
    assert outcome.texts == [
        '{"id": "1"}',
        "SchemaViolation Check 2 violations of the schema: $.id: 2 is not of type 'string'; "
        "$.lines[1].count: 0 is less than the minimum of 1",
    ]
    assert outcome.report.status == "complete"


def test_a_document_that_is_no_json_is_rejected_too(validated):
    (text,) = validated("{not json").texts
    assert text.startswith("InvalidJson Check the document is not JSON: line 1, column 2")


def test_formats_are_checked(validated):
    (text,) = validated({"id": "1", "day": "2026-02-30"}).texts
    assert text.endswith("1 violation of the schema: $.day: '2026-02-30' is not a 'date'")


def test_without_reject_the_document_fails(validated):
    outcome = validated({"id": "1"}, {}, reject=False)
    assert outcome.texts == ['{"id": "1"}']
    assert [(each.document, each.code, each.message) for each in outcome.report.failures] == [
        ("2", "SchemaViolation", "1 violation of the schema: $: 'id' is a required property")
    ]


def test_the_good_documents_are_finished_before_the_first_bad_one_starts(validated):
    outcome = validated({}, {"id": "1"})
    assert list(outcome.returned) == ["good", "bad"]


def test_a_violation_does_not_carry_a_whole_document_into_the_log(validated):
    (text,) = validated({"id": ["x" * 10_000]}).texts
    assert len(text) < 500
    assert text.endswith("is not of type 'string'")


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "strin"}, "this is no JSON Schema: $.type: 'strin' is not valid under any of the given schemas"),
        ({"items": {"$ref": "#/$defs/lin"}}, "the schema refers to '/$defs/lin', which is not in it"),
        ({"items": {"$ref": "http://127.0.0.1:9/x"}}, "refers to 'http://127.0.0.1:9/x', which is not in it"),
        ("nothing.json", "nothing.json: No such file or directory"),
    ],
)
def test_a_schema_that_cannot_work_is_told_when_the_project_loads(validated, schema, message):
    with pytest.raises(InvalidProject) as caught:
        validated({}, schema=schema)
    assert message in str(caught.value)


def test_a_schema_pickles(project):
    steps = [{"validate": {"json_schema": SCHEMA}}]
    shape = project(json.dumps({"processes": {"p": {"steps": steps}}})).processes["p"].steps[0].shape
    assert pickle.loads(pickle.dumps(shape)).json_schema_.violations({"id": 1}) == ["$.id: 1 is not of type 'string'"]


def test_what_a_reject_path_says_about_an_error_ends_with_the_path(run):
    outcome = run(
        """
        processes:
          p:
            steps:
              - start: {documents: ["{}"]}
              - validate: {json_schema: {required: [id]}, reject: [{message: "{{ error.code }}"}]}
              - message: "{{ document.text }} {{ error.code | default('no error') }}"
              - return_documents: all
        """
    )
    assert outcome.texts == ["SchemaViolation no error"]


@pytest.mark.parametrize("number", ["1e999", "NaN", "9" * 5_000])
def test_a_number_that_no_schema_fits_is_the_documents_failure(validated, number):
    outcome = validated(number, schema={"multipleOf": 0.5}, reject=False)
    assert outcome.report.documents_failed == 1
    assert outcome.report.defect == ""
