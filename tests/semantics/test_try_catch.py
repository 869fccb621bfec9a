"""One process for each sentence about try/catch."""

from pathlib import Path

from connector_sdk.runtime import LocalRuntime


class Patient(LocalRuntime):
    """Writes down how long it was asked to wait, and does not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.check()
        self.waited.append(seconds)


TRY = """
    - try_catch:
        try:
          - FAIL one b
          - RECORD two
        catch:
          - RECORD catch
    - RECORD after
"""


def test_failed_documents_go_down_the_catch_path_when_the_others_have_left_the_block(run):
    ran = run(TRY)
    assert ran.effects == [
        *("one a", "one b", "one c", "two a", "two c"),
        *("after a", "after c", "catch b", "after b"),
    ]
    assert ran.report.status == "complete"
    assert ran.counts == (3, 3, 0)
    assert ran.step("connector")[2] == 1
    assert ran.step("try_catch") == (3, 3, 0)


def test_documents_reach_the_catch_path_as_they_entered_with_error_set(run):
    ran = run("""
        - set_properties: {colour: red}
        - try_catch:
            try:
              - set_properties: {colour: blue, rec.key: mine}
              - message: "changed {{ document.text }}"
              - name: Fragile
                FAIL one text
              - exception: {title: Order, message: "{{ document.text }} is wrong"}
            catch:
              - message: "{{ document.text }} {{ prop.colour }} {{ error.message }}, {{ error.step }}, {{ error.code }}"
              - return_documents: default
    """)
    assert ran.texts()[0] == "a red Order: changed a is wrong, exception, Exception"
    assert [dict(document.properties) for _, document in ran.returned] == [{"colour": "red"}] * 3
    assert all("rec.key" not in document.tracked for _, document in ran.returned)
    assert [document.id for _, document in ran.returned] == ["1", "2", "3"]


def test_a_missing_property_is_an_error_of_its_document(run):
    ran = run("""
        - try_catch:
            try:
              - message: "{{ prop.absent }}"
            catch:
              - notify: "{{ error.code }} in {{ error.step }}"
    """)
    assert ran.log == ["ExpressionFailed in message"] * 3
    assert ran.report.status == "complete"


def test_a_retry_runs_the_whole_try_path_again_for_the_failed_documents_only(run):
    ran = run(
        """
        - try_catch:
            retry: 3
            waits: [0]
            try:
              - RECORD one
              - FAIL two b 2
            catch:
              - RECORD catch
        - RECORD after
        """,
        runtime=Patient,
    )
    assert ran.effects == [
        *("one a", "one b", "one c", "two a", "two b", "two c"),
        *("one b", "two b"),
        *("one b", "two b"),
        *("after a", "after c", "after b"),
    ]
    assert ran.report.status == "complete"


def test_retries_wait_as_long_as_is_written_and_the_last_wait_counts_for_the_rest(run):
    ran = run(
        """
        - try_catch:
            retry: 4
            waits: [1, 2.5]
            try:
              - FAIL one a
        """,
        ["a"],
        runtime=Patient,
    )
    assert ran.execution.runtime.waited == [1, 2.5, 2.5, 2.5]
    assert len(ran.effects) == 5
    assert "retry 2 of 4 for 1 documents in 2.5 s" in ran.log


def test_without_anything_said_the_waits_are_those_of_the_language(run):
    ran = run("- try_catch: {retry: 5, try: [{exception: no}]}", ["a"], runtime=Patient)
    assert ran.execution.runtime.waited == [0, 10, 30, 60, 120]


def test_a_process_error_is_not_caught_by_default(run):
    ran = run("""
        - try_catch:
            try:
              - HALT one b
            catch:
              - RECORD catch
    """)
    assert ran.effects == ["one a", "one b"]
    assert ran.failures == [("connector", None, "Halt")]
    assert ran.report.status == "error"


def test_all_errors_sends_every_document_of_the_try_to_catch_after_a_process_error(run):
    ran = run("""
        - try_catch:
            trigger: all_errors
            try:
              - RECORD one
              - HALT two b
            catch:
              - notify: "{{ document.text }} {{ error.code }} {{ error.step }}"
              - RECORD catch
    """)
    assert ran.effects == ["one a", "one b", "one c", "two a", "two b", "catch a", "catch b", "catch c"]
    assert "b Halt connector 2" in ran.log
    assert ran.counts == (3, 3, 0)


def test_all_errors_catches_a_crashed_step_and_an_exception_that_stops_the_process(run):
    for inner in ("CRASH one b", "exception: {message: no, stop: process}"):
        ran = run(f"""
            - try_catch:
                trigger: all_errors
                try:
                  - {inner}
                catch:
                  - RECORD catch
        """)
        assert ran.effects[-3:] == ["catch a", "catch b", "catch c"]
        assert ran.report.exit_code == 0


def test_all_errors_retries_everybody(run):
    ran = run(
        """
        - try_catch:
            trigger: all_errors
            retry: 1
            try:
              - HALT one b 1
            catch:
              - RECORD catch
        """,
        runtime=Patient,
    )
    assert ran.effects == ["one a", "one b", "one a", "one b", "one c"]


def test_the_nearest_try_catches(run):
    ran = run("""
        - try_catch:
            try:
              - try_catch:
                  try:
                    - FAIL one b
                  catch:
                    - RECORD inner
              - FAIL two c
            catch:
              - RECORD outer
    """)
    assert ran.effects == ["one a", "one b", "one c", "two a", "two c", "inner b", "two b", "outer c"]
    assert ran.counts == (3, 3, 0)


def test_errors_in_a_catch_path_go_to_the_next_one_out(run):
    ran = run("""
        - try_catch:
            try:
              - try_catch:
                  try:
                    - FAIL one b
                  catch:
                    - message: changed
                    - exception: worse
            catch:
              - notify: "{{ document.text }}: {{ error.message }}"
    """)
    assert ran.log == ["b: worse"]
    assert ran.report.status == "complete"


def test_errors_in_the_outermost_catch_path_are_not_caught(run):
    ran = run("- try_catch: {try: [{exception: bad}], catch: [{exception: worse}]}", ["a"])
    assert [(each.step, each.message) for each in ran.report.failures] == [("exception 2", "worse")]


def test_after_an_inner_block_the_error_is_again_the_one_of_the_outer_catch_path(run):
    ran = run(
        """
        - try_catch:
            try:
              - exception: outer
            catch:
              - try_catch:
                  try:
                    - exception: inner
                  catch:
                    - notify: "{{ error.message }}"
              - notify: "{{ error.message }}"
        - notify: "{{ error.message | default('nothing') }}"
        """,
        ["a"],
    )
    assert ran.log == ["inner", "outer", "nothing"]


def test_what_fails_after_the_block_is_not_caught_by_it(run):
    ran = run("""
        - decision:
            if: true
            then:
              - try_catch:
                  try:
                    - RECORD one
                  catch:
                    - RECORD catch
        - FAIL after b
    """)
    assert "catch b" not in ran.effects
    assert ran.failures == [("connector 3", "2", "Broken")]


def test_documents_leave_the_block_only_when_the_try_with_its_retries_is_over(run):
    ran = run(
        """
        - try_catch:
            retry: 1
            try:
              - decision:
                  if: "{{ document.text == 'a' }}"
                  then:
                    - RECORD first
                  else:
                    - FAIL second b
            catch:
              - RECORD catch
        - RECORD after
        """,
        ["a", "b"],
        runtime=Patient,
    )
    assert ran.effects == ["first a", "second b", "second b", "after a", "catch b", "after b"]


def test_when_one_half_of_a_split_document_fails_the_original_is_caught_and_no_part_leaves(run):
    ran = run(
        """
        - try_catch:
            try:
              - data_process: [{split: {format: text, separator: "-"}}]
              - FAIL one y
            catch:
              - RECORD catch
        - RECORD after
        - return_documents: default
        """,
        ["x-y", "v-w"],
    )
    assert ran.effects == [
        *("one x", "one y", "one v", "one w"),
        *("after v", "after w", "catch x-y", "after x-y"),
    ]
    assert [document.id for _, document in ran.returned] == ["2.1", "2.2", "1"]
    assert ran.texts() == ["v", "w", "x-y"]


def test_a_part_that_was_returned_or_ended_does_not_leave_when_its_sibling_fails(run):
    ran = run(
        """
        - try_catch:
            try:
              - data_process: [{split: {format: text, separator: "-"}}]
              - route:
                  by: "{{ document.text }}"
                  routes:
                    - {matches: "^[xv]", steps: [{return_documents: parts}]}
                    - {equals: y, steps: [{exception: no}]}
                    - {equals: w, steps: [{stop: continue}]}
            catch:
              - return_documents: whole
        """,
        ["x-y", "v-w"],
    )
    assert (ran.texts("parts"), ran.texts("whole")) == (["v"], ["x-y"])
    assert ran.counts == (2, 3, 0)


def test_a_document_that_fails_on_one_branch_leaves_on_none(run):
    ran = run(
        """
        - try_catch:
            try:
              - branch:
                  - - RECORD one
                  - - FAIL two b
            catch:
              - RECORD catch
        - RECORD after
        """,
        ["a", "b"],
    )
    assert ran.effects == ["one a", "one b", "two a", "two b", "after a", "after a", "catch b", "after b"]


def test_documents_combined_with_one_that_fails_go_to_catch_with_it(run):
    ran = run("""
        - try_catch:
            try:
              - branch:
                  - - message: {text: "{{ document.text }}", combine: true}
                  - - FAIL one b
            catch:
              - RECORD catch
        - return_documents: default
    """)
    assert ran.effects[-3:] == ["catch a", "catch b", "catch c"]
    assert sorted(ran.texts()) == ["a", "b", "c"]


def test_stop_process_inside_a_try_gives_what_was_returned_and_fails_what_nobody_will_catch(run):
    ran = run("""
        - try_catch:
            try:
              - FAIL one b
              - branch:
                  - - return_documents: default
                  - - stop: process
            catch:
              - RECORD catch
    """)
    assert ran.texts() == ["a", "c"]
    assert [failure[1:] for failure in ran.failures] == [("2", "Broken")]
    assert "catch b" not in ran.effects


def test_a_try_without_a_catch_path_lets_the_documents_go_on_as_they_entered(run):
    ran = run("""
        - try_catch:
            try:
              - message: changed
              - exception: no
        - return_documents: default
    """)
    assert ran.texts() == ["a", "b", "c"]


def test_more_failed_documents_than_fit_into_memory_are_caught_each_with_its_own_error(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 7)
    ran = run(
        """
        - try_catch:
            try:
              - exception: "no {{ document.text }}"
            catch:
              - message: "{{ document.text }}: {{ error.message }}"
              - return_documents: default
        """,
        map(str, range(100)),
    )
    assert ran.texts() == [f"{number}: no {number}" for number in range(100)]


def test_after_an_inner_block_the_outer_try_still_knows_which_document_it_has(run):
    ran = run("""
        - try_catch:
            try:
              - decision:
                  if: "{{ document.text == 'c' }}"
                  then:
                    - try_catch:
                        try:
                          - message: "inside"
                    - exception: outside
            catch:
              - RECORD catch
        - return_documents: default
    """)
    assert ran.effects == ["catch c"]
    assert sorted(ran.texts()) == ["a", "b", "c"]


def test_a_combined_document_that_fails_takes_all_it_came_from_to_the_outer_catch(run):
    ran = run("""
        - try_catch:
            try:
              - try_catch:
                  try:
                    - message: {text: "{{ document.text }}", combine: true}
              - exception: no
            catch:
              - RECORD catch
    """)
    assert ran.effects == ["catch a", "catch b", "catch c"]


def test_the_reason_of_a_caught_document_is_logged_whatever_the_catch_path_makes_of_it(run, caplog):
    ran = run("""
        - try_catch:
            try:
              - exception: no country
            catch:
              - notify: "{{ prop.nothing }}"
    """)
    assert "document 1 is caught; it failed at 'exception': Exception: no country" in caplog.messages
    assert {failure.code for failure in ran.report.failures} == {"ExpressionFailed"}


def test_a_document_returned_from_a_catch_path_has_left_its_error_there(run):
    ran = run("- try_catch: {try: [{exception: no}], catch: [{return_documents: bad}]}", ["a"])
    assert [(label, dict(document.tracked)) for label, document in ran.returned] == [("bad", {})]


def test_a_document_that_a_plugin_made_anew_is_still_known_by_what_it_came_from(run):
    ran = run(
        """
        - try_catch:
            try:
              - try_catch: {try: [{connector: {connection: rec, operation: rewrite}}]}
              - FAIL later b
            catch:
              - RECORD catch
        - return_documents: default
        """,
    )
    assert (ran.texts(), ran.effects[-1], ran.counts) == (["a", "c", "b"], "catch b", (3, 3, 0))


def test_documents_combined_in_an_inner_block_and_again_further_out_are_all_caught_where_one_fails(run):
    ran = run(
        """
        - try_catch:
            try:
              - flow_control: {batch: 2}
              - try_catch:
                  try:
                    - message: {text: "{{ document.text }}", combine: true}
                    - try_catch: {try: [{notify: inside}]}
              - decision:
                  if: "{{ 'd' in document.text }}"
                  then:
                    - exception: no
            catch:
              - return_documents: caught
        - return_documents: well
        """,
        "abcdef",
    )
    assert (ran.texts("caught"), ran.texts("well")) == (["c", "d"], ["a\nb", "e\nf"])
