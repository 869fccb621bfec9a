"""One process for each sentence of "Steps" that no other file is about."""

import logging

import pytest

from connector_sdk import Document, Payload

RETURN = "\n- return_documents: default"


# start


def test_no_data_starts_with_one_empty_document(run):
    ran = run("- return_documents: default", start="- start: no_data\n")
    assert (ran.texts(), [document.id for _, document in ran.returned], ran.counts) == ([""], ["1"], (1, 1, 0))


def test_passthrough_starts_with_the_documents_of_the_caller(run):
    given = Document(Payload(b"x"), {"file_name": "x.txt"})
    ran = run("- return_documents: default", ["a", given])
    assert [(document.id, dict(document.properties)) for _, document in ran.returned] == [
        ("1", {}),
        ("2", {"file_name": "x.txt"}),
    ]


def test_inline_documents_have_a_content_and_properties(run, tmp_path):
    (tmp_path / "file").write_bytes(b"from a file")
    start = f"""- start:
    documents:
      - a text
      - {{text: another, properties: {{colour: red, number: 7, yes: true}}}}
      - {{json: {{a: [1, "ä"]}}}}
      - {{base64: aGVsbG8=}}
      - {{file: {tmp_path / "file"}}}
"""
    ran = run("- return_documents: default", start=start)
    assert ran.texts() == ["a text", "another", '{"a": [1, "ä"]}', "hello", "from a file"]
    assert dict(ran.returned[1][1].properties) == {"colour": "red", "number": "7", "yes": "true"}


def test_an_inline_document_whose_file_is_not_there_fails_and_the_others_go_on(run):
    start = "- start: {documents: [{file: /nowhere/at/all}, a]}\n"
    ran = run("- return_documents: default", start=start)
    assert (ran.texts(), ran.counts) == (["a"], (2, 1, 1))
    assert ran.failures == [("start", "1", "FileUnreadable")]


def test_a_connector_can_be_the_start(run):
    start = "- start: {connection: rec, operation: produce, parameters: {at: start}}\n"
    ran = run("- return_documents: default", start=start)
    assert (ran.texts(), ran.counts) == (["1", "2"], (2, 2, 0))
    assert [document.id for _, document in ran.returned] == ["1.1", "1.2"]


# connector


def test_an_operation_runs_once_for_each_document_and_returns_any_number(run):
    ran = run("- PRODUCE one" + RETURN, ["a", "b"])
    assert ran.effects == ["one a", "one b"]
    assert [(document.id, document.payload.read()) for _, document in ran.returned] == [
        *(("1.1", b"a1"), ("1.2", b"a2"), ("2.1", b"b1"), ("2.2", b"b2")),
    ]


def test_a_document_of_which_a_later_answer_fails_passes_on_none_of_them(run):
    ran = run(
        """
        - name: Many
          connector:
            connection: rec
            operation: produce
            parameters: {at: one, fail: "{{ document.text == 'a' }}"}
        - return_documents: default
        """,
        ["a", "b"],
    )
    assert (ran.texts(), ran.failures) == (["b1", "b2"], [("Many", "1", "Broken")])


def test_documents_that_are_returned_carry_the_inputs_properties_and_the_connectors(run):
    ran = run("- set_properties: {colour: red, rec.key: k}\n- RECORD one" + RETURN, ["a"])
    (_, document), *_ = ran.returned
    assert dict(document.properties) == {"colour": "red"}
    assert dict(document.tracked) == {
        "rec.key": "k",
        "rec.written": "yes",
        "meta.status_code": "200",
        "meta.status_message": "OK",
        "meta.size": "1",
    }


def test_a_batch_operation_groups_documents_itself_and_order_is_kept(run):
    ran = run(
        """
        - connector:
            connection: rec
            operation: batch
            parameters: {at: one, fail: "{{ document.text == 'b' }}"}
        - return_documents: default
        """,
    )
    assert [effect for effect in ran.effects if effect.startswith("batch")] == ["batch a+b", "batch c"]
    assert (ran.texts(), ran.failures) == (["a", "c"], [("connector", "2", "Broken")])


def test_concurrency_keeps_the_order_of_documents(run):
    ran = run(
        "- connector: {connection: rec, operation: write, concurrency: 8}" + RETURN,
        [str(number) for number in range(99)],
    )
    assert ran.texts() == [str(number) for number in range(99)]


def test_a_refusal_fails_the_document_unless_the_step_wants_it_as_a_document(run):
    parameters = "parameters: {at: one, refuse: \"{{ document.text == 'b' }}\"}"
    call = f"connection: rec, operation: write, {parameters}"
    assert run(f"- connector: {{{call}}}").failures == [("connector", "2", "403")]
    ran = run(f"- connector: {{{call}, return_application_errors: true}}{RETURN}")
    assert [document.tracked["meta.status_code"] for _, document in ran.returned] == ["200", "403", "200"]
    assert ran.returned[1][1].tracked["meta.status_message"] == "refused one b"
    assert ran.failures == []


def test_the_status_of_an_earlier_step_is_not_taken_for_the_next_ones(run):
    ran = run(
        """
        - connector:
            connection: rec
            operation: write
            parameters: {refuse: "true"}
            return_application_errors: true
        - RECORD two
        - return_documents: default
        """,
        ["a"],
    )
    tracked = ran.returned[0][1].tracked
    assert (tracked["meta.status_code"], tracked["meta.status_message"]) == ("200", "OK")


def test_pass_through_lets_the_document_itself_travel_on_with_the_properties_of_the_answer(run):
    ran = run(
        "- connector: {connection: rec, operation: produce-large, pass_through: true}\n- set_properties: {x: y}"
        + RETURN
    )
    assert ran.texts() == ["a", "b", "c"]
    assert ran.returned[0][1].tracked["meta.size"] == "100000"


# set_properties, message, notify


def test_all_values_of_a_step_are_computed_from_the_document_as_it_came_in(run):
    ran = run("- set_properties: {a: old}\n- set_properties: {a: new, b: '{{ prop.a }}'}" + RETURN, ["x"])
    assert dict(ran.returned[0][1].properties) == {"a": "new", "b": "old"}


def test_a_document_whose_value_is_missing_fails_and_sets_nothing(run):
    ran = run("- set_properties: {process.p: was}\n- set_properties: {process.p: now, b: '{{ prop.absent }}'}", ["x"])
    assert ran.failures == [("set_properties 2", "1", "ExpressionFailed")]
    assert ran.execution.facts.process_properties == {"p": "was"}


def test_message_replaces_the_content_and_keeps_the_properties(run):
    ran = run("- set_properties: {a: b}\n- message: '{{ document.text }}{{ document.index }}'" + RETURN, ["x", "y"])
    assert ran.texts() == ["x1", "y2"]
    assert [dict(document.properties) for _, document in ran.returned] == [{"a": "b"}] * 2


def test_message_can_make_one_document_of_all(run):
    combine = "- message: {text: '<{{ document.text }}>', combine: true}"
    ran = run("- set_properties: {same: s, own: '{{ document.text }}'}\n" + combine + RETURN)
    assert ran.texts() == ["<a>\n<b>\n<c>"]
    assert dict(ran.returned[0][1].properties) == {"same": "s"}


def test_notify_writes_and_lets_documents_pass_untouched(run):
    ran = run("- notify: {title: Order, text: '{{ document.text }}'}" + RETURN)
    assert (ran.log, ran.texts(), ran.report.status) == (
        ["Order: a", "Order: b", "Order: c"],
        ["a", "b", "c"],
        "complete",
    )


def test_notify_once_writes_for_the_first_document_that_it_can_write_for(run):
    ran = run("- notify: {text: \"first {{ json('a') }}\", once: true}", ["{}", '{"a": 1}', '{"a": 2}'])
    assert [line for line in ran.log if line.startswith("first")] == ["first 1"]


def test_a_document_that_a_start_connector_fails_came_in(run):
    ran = run("- message: x", start="- start: {connection: rec, operation: write, parameters: {fail: 'true'}}\n")
    assert ran.counts == (1, 0, 1)


def test_notify_once_writes_for_the_first_document_alone(run):
    assert run("- notify: {text: '{{ document.text }}', once: true}").log == ["a"]


@pytest.mark.parametrize(
    "before",
    [
        "flow_control: {batch: 1}",
        "flow_control: {threads: 3}",
        "flow_control: {processes: 2, batch: 1}",
        "decision: {if: \"{{ document.text == 'c' }}\"}",
        "branch: [[], []]",
    ],
)
def test_notify_once_writes_once_in_an_execution_however_often_its_step_is_reached(run, before):
    ran = run(f"- {before}\n- notify: {{text: said, once: true}}\n- notify: {{text: here, once: true}}")
    assert (sorted(ran.log), ran.left_behind) == (["here", "said"], [])


def test_notify_once_writes_in_each_execution_of_a_called_process(run):
    child = "- start: passthrough\n- flow_control: {batch: 1}\n- notify: {text: said, once: true}"
    ran = run("- flow_control: {batch: 2}\n- process_call: {process: child}", "abcd", child=child)
    assert (ran.log, ran.left_behind) == (["said", "said"], [])


@pytest.mark.parametrize("level", ["warning", "error"])
def test_a_serious_notification_shows_in_the_outcome(run, caplog, level):
    ran = run(f"- notify: {{text: x, level: {level}}}", ["a"])
    assert (ran.report.status, ran.report.exit_code) == ("complete_with_warnings", 0)
    assert caplog.records[0].levelno == logging.getLevelNamesMapping()[level.upper()]


# decision


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        ("value: '10', greater_than: 9", True),
        ("value: '10', greater_than: '9x'", False),
        ("value: '1.0', equals: 1", True),
        ("value: 1.0, equals: one", False),
        ("value: a, not_equals: A", True),
        ("value: 2, less_than: 10", True),
        ("value: b, less_than: a", False),
        ("value: 7, greater_or_equal: 7.0", True),
        ("value: 7, less_or_equal: 6", False),
        ("value: order-77, matches: '^order-[0-9]+$'", True),
        ("value: order-77x, matches: '^order-[0-9]+$'", False),
        ("value: order-77.json, like: 'order-*.j?on'", True),
        ("value: order-77.json, like: 'order-?'", False),
        ("value: 'a[b]', like: 'a[b]'", True),
    ],
)
def test_operators_compare_numbers_as_numbers_and_everything_else_as_text(run, comparison, holds):
    ran = run(
        f"- decision: {{if: {{{comparison}}}, then: [{{return_documents: yes}}], else: [{{return_documents: no}}]}}",
        ["a"],
    )
    assert [label for label, _ in ran.returned] == ["yes" if holds else "no"]


def test_a_decision_asks_once_for_each_document_and_fails_those_it_cannot_ask(run):
    ran = run(
        "- decision: {if: \"{{ json('n') > 1 }}\", else: [{stop: continue}]}" + RETURN, ['{"n": 2}', "x", '{"n": 1}']
    )
    assert ran.texts() == ['{"n": 2}']
    assert ran.failures == [("decision", "2", "InvalidJson")]
    assert ran.counts == (3, 2, 1)


# exception, stop, return_documents


def test_an_exception_fails_the_document_with_title_and_message(run):
    ran = run("- exception: {title: Order, message: '{{ document.text }} is bad'}", ["a"])
    assert [(each.document, each.message) for each in ran.report.failures] == [("1", "Order: a is bad")]


def test_an_exception_can_halt_the_whole_process(run):
    ran = run("- branch: [[{exception: {message: no, stop: process}}], [{notify: never}]]")
    assert (ran.failures, ran.log) == ([("exception", None, "Exception")], ["the process stopped: Exception: no"])


def test_stop_continue_ends_a_path_well_and_others_go_on(run):
    ran = run("- branch: [[{stop: continue}], [{notify: other}]]", ["a"])
    assert (ran.log, ran.report.status, ran.counts) == (["other"], "complete", (1, 2, 0))


def test_stop_process_ends_the_whole_process_well(run):
    ran = run("- branch: [[{stop: process}], [{notify: never}]]", ["a"])
    assert (ran.log, ran.report.status, ran.counts) == ([], "complete", (1, 1, 0))


def test_returned_documents_are_counted_by_label(run):
    ran = run("- branch: [[{return_documents: one}], [{return_documents: two}]]")
    assert ran.report.returned == {"one": 3, "two": 3}
    assert ran.texts("one") == ran.texts("two") == ["a", "b", "c"]


# data_process


def test_parts_of_a_split_document_have_ids_below_it_and_a_single_part_keeps_its_id(run):
    ran = run("- data_process: [{split: {format: lines}}]" + RETURN, ["a\nb", "c"])
    assert [(document.id, document.payload.read()) for _, document in ran.returned] == [
        *(("1.1", b"a"), ("1.2", b"b"), ("2", b"c")),
    ]


def test_a_document_that_cannot_be_split_fails_whole_and_the_others_go_on(run):
    ran = run("- data_process: [{split: {format: json, path: a}}]" + RETURN, ['{"a": [1, 2', '{"a": [3, 4]}'])
    assert ran.texts() == ["3", "4"]
    assert [failure[:2] for failure in ran.failures] == [("data_process", "1")]
    assert ran.counts == (2, 2, 1)


def test_operations_are_applied_in_order(run):
    ran = run(
        "- data_process: [{split: {format: lines}}, {combine: {format: text, separator: '+'}}]" + RETURN, ["a\nb", "c"]
    )
    assert ran.texts() == ["a+b+c"]
    assert ran.step("data_process") == (2, 1, 0)
