"""dynamic: options of an operation that documents change."""

import json


def steps(*documents, dynamic):
    return f"""\
- start: {{documents: {json.dumps(documents)}}}
- connector: {{connection: rec, operation: op, dynamic: {{{dynamic}}}}}
- return_documents:"""


def test_options_are_overridden_for_each_document_and_others_stay_as_they_are_written(written, run):
    text = written(steps("a", "b", dynamic="mark: '{{ document.id }}'"), "action: write\ntimes: 2\nmark: x")
    assert run(text).texts == ["A11", "B22"]


def test_values_come_in_the_form_that_the_option_takes(written, run):
    dynamic = "mark: '{{ json(\"mark\") }}', times: '{{ json(\"times\") }}'"
    outcome = run(written(steps('{"mark": 7, "times": "3"}', dynamic=dynamic)))
    assert outcome.texts[0].endswith("}777")


def test_a_value_that_does_not_fit_fails_its_document_alone(written, run):
    outcome = run(written(steps("0", "2", dynamic="times: '{{ document.text }}', mark: x")))
    assert outcome.texts == ["2xx"]
    assert [(failure.document, failure.code) for failure in outcome.report.failures] == [("1", "InvalidOption")]
    assert outcome.messages[0].startswith("dynamic option times: ")


def test_a_batch_has_one_set_of_options(written, run, journal):
    text = written(steps("a", "a", "b", "a", dynamic="mark: '{{ document.text }}'"), "action: together")
    assert run(text).texts == ["A", "A", "B", "A"]
    assert [line for line in journal() if line[0] in "ab"] == [
        ["a", "main", ["a", "a"]],
        ["b", "main", ["b"]],
        ["a", "main", ["a"]],
    ]
