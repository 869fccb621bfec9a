"""One process for each sentence about process_call."""

import pytest

from process_runner.language.place import InvalidProject

CALL = """
    - process_call: {process: child}
    - RECORD after
    - return_documents: default
"""


def test_a_passthrough_child_gets_the_whole_group_at_once(run):
    ran = run(
        CALL,
        child="""
            - start: passthrough
            - message: {text: "{{ document.text }}", combine: true}
            - return_documents: default
        """,
    )
    assert ran.texts() == ["a\nb\nc"]


def test_any_other_child_runs_once_for_each_document(run):
    ran = run(
        CALL,
        child="""
            - start: no_data
            - RECORD first
            - RECORD second
        """,
    )
    assert ran.effects == [*["first", "second"] * 3, "after a", "after b", "after c"]
    assert ran.counts == (3, 3, 0)


def test_parameters_are_process_properties_of_the_child_alone(run):
    ran = run(
        """
        - set_properties: {process.who: parent}
        - process_call: {process: child, parameters: {who: "child of {{ document.text }}", only: there}}
        - notify: "{{ process.who }} {{ process.only | default('nothing') }} {{ process.said }}"
        """,
        ["a", "b"],
        child="""
            - notify: "{{ process.who }} {{ process.only }}"
            - set_properties: {process.said: "{{ process.said | default('') }}x"}
        """,
    )
    assert ran.log == ["child of a there", "child of b there", "parent nothing xx", "parent nothing xx"]


def test_returned_documents_go_on_by_label_in_the_order_of_the_childs_return_steps(run):
    ran = run(
        """
        - process_call:
            process: child
            returns:
              late:
                - RECORD late
              early:
                - RECORD early
        - RECORD after
        """,
        ["a", "b"],
        child="""
            - start: passthrough
            - decision:
                if: "{{ document.text == 'b' }}"
                then:
                  - return_documents: early
                else:
                  - return_documents: late
        """,
    )
    assert ran.effects == ["early b", "after b", "late a", "after a"]


def test_returned_documents_keep_properties_and_have_ids_of_their_own(run):
    ran = run(
        """
        - set_properties: {colour: red}
        - process_call: {process: child}
        - return_documents: default
        """,
        ["a-b", "c"],
        child="""
            - start: passthrough
            - data_process: [{split: {format: text, separator: "-"}}]
            - return_documents: default
        """,
    )
    assert [(document.id, document.properties["colour"]) for _, document in ran.returned] == [
        *(("1.1", "red"), ("1.2", "red"), ("2", "red")),
    ]


def test_a_child_for_each_document_gives_ids_below_the_documents(run):
    ran = run(
        CALL,
        ["a", "b"],
        child="""
            - start: {documents: [x, y]}
            - return_documents: default
        """,
    )
    assert [(document.id, document.payload.read()) for _, document in ran.returned] == [
        *(("1.1", b"x"), ("1.2", b"y"), ("2.1", b"x"), ("2.2", b"y")),
    ]


def test_a_child_without_return_steps_lets_the_documents_themselves_go_on(run):
    ran = run(CALL, child="- start: passthrough\n- message: changed\n- RECORD child")
    assert ran.texts() == ["a", "b", "c"]
    assert ran.effects[:3] == ["child changed"] * 3


@pytest.mark.parametrize("returns", ["", "- return_documents: default"])
def test_a_document_that_fails_in_the_child_fails_in_the_caller_and_no_part_of_it_goes_on(run, returns):
    ran = run(
        CALL,
        ["a-b", "c"],
        child=f"""
            - start: passthrough
            - data_process: [{{split: {{format: text, separator: "-"}}}}]
            - FAIL fragile b
            {returns}
        """,
    )
    assert ran.texts() == ["c"]
    assert ran.failures == [("process_call", "1", "Broken")]
    assert ran.report.failures[0].message == "process 'child', step 'connector': failed fragile b"
    assert ran.counts == (2, 1, 1)


def test_the_try_of_the_caller_catches_what_failed_in_the_child(run):
    ran = run(
        """
        - try_catch:
            try:
              - process_call: {process: child}
            catch:
              - notify: "{{ document.text }} {{ error.step }} {{ error.message }}"
        """,
        child="- start: passthrough\n- FAIL one b\n- return_documents: default",
    )
    assert "b process_call process 'child', step 'connector': failed one b" in ran.log
    assert ran.report.status == "complete"


def test_without_abort_the_caller_goes_on_with_what_was_returned_and_the_outcome_warns(run):
    ran = run(
        """
        - process_call: {process: child, abort_on_failure: false}
        - return_documents: default
        """,
        child="- start: passthrough\n- FAIL one b\n- return_documents: default",
    )
    assert ran.texts() == ["a", "c"]
    assert (ran.report.status, ran.failures) == ("complete_with_warnings", [])


def test_a_process_error_in_the_child_stops_the_caller_unless_it_is_not_to_abort(run):
    child = "- start: passthrough\n- HALT one b"
    ran = run("- process_call: {process: child}", child=child)
    assert [(each.step, each.document, each.code, each.message) for each in ran.report.failures] == [
        ("process_call", None, "Halt", "process 'child', step 'connector': halted by one b")
    ]
    ran = run("- process_call: {process: child, abort_on_failure: false}\n- return_documents: default", child=child)
    assert (ran.texts(), ran.report.status) == (["a", "b", "c"], "complete_with_warnings")


def test_stop_process_in_the_child_ends_the_child_alone(run):
    ran = run(CALL, child="- start: passthrough\n- return_documents: default\n- stop: process")
    assert ran.texts() == ["a", "b", "c"]
    ran = run(CALL, ["a"], child="- stop: process\n")
    assert (ran.texts(), ran.report.status) == (["a"], "complete")


def test_a_defect_in_the_child_is_the_callers_defect_whatever_abort_says(run):
    ran = run("- process_call: {process: child, abort_on_failure: false}", child="- start: passthrough\n- CRASH one b")
    assert ran.report.exit_code == 70
    assert "RuntimeError: crashed on one b" in ran.report.defect


def test_a_parameter_that_cannot_be_had_fails_its_document(run):
    ran = run(
        """
        - decision: {if: "{{ document.text == 'b' }}", else: [{set_properties: {there: "yes"}}]}
        - process_call: {process: child, parameters: {given: "{{ prop.there }}"}}
        - return_documents: default
        """,
        child="- return_documents: default",
    )
    assert ran.failures == [("process_call", "2", "ExpressionFailed")]
    assert ran.counts == (3, 2, 1)


def test_a_child_that_nobody_waits_for_has_ended_when_the_execution_has(run):
    ran = run(
        "- process_call: {process: child, wait: false}\n- RECORD after", child="- start: passthrough\n- FAIL one b"
    )
    assert sorted(ran.effects) == ["after a", "after b", "after c", "one a", "one b", "one c"]
    assert (ran.report.status, ran.counts) == ("complete_with_warnings", (3, 3, 0))
    assert (ran.times("open"), ran.times("close")) == (1, 1)


def test_a_child_that_nobody_waits_for_may_call_one_that_nobody_waits_for(run):
    ran = run(
        "- process_call: {process: child, wait: false}",
        ["a"],
        child="""
            - start: passthrough
            - try_catch: {try: [{exception: no}], catch: [], retry: 1, waits: [0.2]}
            - process_call: {process: grandchild, wait: false}
        """,
        grandchild="- start: passthrough\n- RECORD last",
    )
    assert ran.report.exit_code == 0
    assert ran.effects == ["last a"]


def test_a_defect_in_a_child_that_nobody_waits_for_is_a_defect(run):
    ran = run("- process_call: {process: child, wait: false}", child="- start: passthrough\n- CRASH one b")
    assert ran.report.exit_code == 70


def test_clients_are_shared_with_children(run):
    ran = run("- RECORD one\n- process_call: {process: child}", child="- RECORD two")
    assert (ran.times("open"), ran.times("close")) == (1, 1)


def test_processes_that_call_each_other_without_end_are_stopped(run):
    ran = run("- process_call: {process: child}", ["a"], child="- start: passthrough\n- process_call: {process: child}")
    assert [(each.step, each.code, each.message) for each in ran.report.failures] == [
        ("process_call", "TooDeep", "process 'child' is called 20 calls deep, which is the limit")
    ]
    assert ran.report.exit_code == 1


def test_a_recursion_that_ends_is_fine(run):
    ran = run(
        "- process_call: {process: child}\n- return_documents: default",
        ["a"],
        child="""
            - start: passthrough
            - decision:
                if: "{{ document.size < 5 }}"
                then:
                  - message: "{{ document.text }}a"
                  - process_call: {process: child}
            - return_documents: default
        """,
    )
    assert ran.texts() == ["aaaaa"]


def test_labels_that_are_never_returned_are_told_before_anything_runs(project):
    child = "- return_documents: good"
    with pytest.raises(InvalidProject, match="process 'child' returns no 'god'; did you mean 'good'"):
        project(main="- process_call: {process: child, returns: {god: []}}", child=child)
    with pytest.raises(InvalidProject, match="a process that is not waited for returns nothing"):
        project(main="- process_call: {process: child, wait: false, returns: {good: []}}", child=child)
    with pytest.raises(InvalidProject, match="unknown process 'chidl'; did you mean 'child'"):
        project(main="- process_call: {process: chidl}", child=child)


@pytest.mark.parametrize("before", ["", "- flow_control: {processes: 1}\n"], ids=["here", "in a worker"])
@pytest.mark.parametrize("wait", ["true", "false"])
def test_extensions_of_the_parent_apply_to_the_child(run, tmp_path, before, wait):
    ran = run(
        before + f"- process_call: {{process: child, wait: {wait}}}",
        ["a"],
        child="""
            - start: passthrough
            - connector: {connection: rec, operation: produce}
            - notify: "{{ document.text }} {{ process.colour }}"
            - RECORD child
        """,
        extensions=f"""
            connections:
              rec: {{journal: {tmp_path / "elsewhere"}}}
            operations:
              produce: {{count: 3}}
            process_properties:
              colour: red
        """,
    )
    assert ran.log == ["a1 red", "a2 red", "a3 red"]
    assert ran.journal == []
    effects = [line for line in (tmp_path / "elsewhere").read_text().splitlines() if '"effect"' in line]
    assert len(effects) == 4


def test_what_the_command_line_sets_wins_over_extensions_in_a_child_and_its_parameters_over_both(run):
    ran = run(
        """
        - process_call: {process: child}
        - process_call: {process: child, parameters: {colour: blue}}
        """,
        ["a"],
        child='- start: passthrough\n- notify: "{{ process.colour }} {{ process.size }}"',
        properties={"colour": "green"},
        extensions="process_properties: {colour: red, size: 7}",
    )
    assert ran.log == ["green 7", "blue 7"]
