"""One process for each sentence of "How documents move"."""


def test_a_step_sees_the_whole_group_before_the_next_one_starts(run):
    ran = run("""
        - RECORD first
        - RECORD second
    """)
    assert ran.effects == ["first a", "first b", "first c", "second a", "second b", "second c"]
    assert ran.counts == (3, 3, 0)


def test_a_document_that_fails_leaves_the_group_and_the_others_go_on(run):
    ran = run("""
        - name: Fragile
          FAIL first b
        - RECORD second
        - return_documents: default
    """)
    assert ran.effects == ["first a", "first b", "first c", "second a", "second c"]
    assert ran.failures == [("Fragile", "2", "Broken")]
    assert ran.texts() == ["a", "c"]
    assert ran.counts == (3, 2, 1)
    assert (ran.report.status, ran.report.exit_code) == ("error", 1)


def test_the_true_documents_are_finished_before_the_first_false_one_starts(run):
    ran = run("""
        - decision:
            if: "{{ document.text in ('a', 'c') }}"
            then:
              - RECORD then
            else:
              - RECORD else
        - RECORD after
    """)
    assert ran.effects == ["then a", "then c", "after a", "after c", "else b", "after b"]


def test_a_branch_is_finished_with_the_steps_after_the_block_before_the_next_one_starts(run):
    ran = run(
        """
        - branch:
            - - RECORD one
            - name: two
              steps:
                - RECORD two
        - RECORD after
        """,
        ["a", "b"],
    )
    assert ran.effects == ["one a", "one b", "after a", "after b", "two a", "two b", "after a", "after b"]


def test_routes_run_in_their_order_each_to_completion_and_the_default_last(run):
    ran = run(
        """
        - route:
            by: "{{ document.text }}"
            routes:
              - {equals: c, name: the third, steps: [{RECORD c}]}
              - equals: a
                steps:
                  - RECORD a
            default:
              - RECORD default
        - RECORD after
        """.replace("{RECORD c}", "{connector: {connection: rec, operation: write, parameters: {at: c}}}"),
        ["x", "a", "c", "y"],
    )
    expected = ["c c", "after c", "a a", "after a", "default x", "default y", "after x", "after y"]
    assert ran.effects == expected


def test_the_first_route_that_matches_is_taken_alone(run):
    ran = run("""
        - route:
            by: "{{ document.text }}"
            routes:
              - like: "*"
                steps:
                  - RECORD any
              - equals: a
                steps:
                  - RECORD never
    """)
    assert ran.effects == ["any a", "any b", "any c"]


def test_batch_one_is_finished_before_batch_two_starts(run):
    ran = run("""
        - flow_control: {batch: 2}
        - RECORD one
        - RECORD two
    """)
    assert ran.effects == ["one a", "one b", "two a", "two b", "one c", "two c"]


def test_a_batch_is_finished_with_what_follows_the_block_around_it(run):
    ran = run(
        """
        - decision:
            if: true
            then:
              - flow_control: {batch: 1}
              - RECORD inside
        - RECORD after
        """,
        ["a", "b"],
    )
    assert ran.effects == ["inside a", "after a", "inside b", "after b"]


def test_paths_that_end_in_stop_exception_or_return_do_not_go_on(run):
    ran = run(
        """
        - branch:
            - - stop: continue
            - - exception: no
            - - return_documents: out
            - - RECORD last
        - RECORD after
        """,
        ["a"],
    )
    assert ran.effects == ["last a", "after a"]
    assert ran.texts("out") == ["a"]
    assert ran.failures == [("exception", "1", "Exception")]


def test_an_empty_path_leads_straight_to_the_step_after_the_block(run):
    ran = run("""
        - decision:
            if: "{{ document.text == 'b' }}"
            then:
              - stop: continue
        - RECORD after
    """)
    assert ran.effects == ["after a", "after c"]


def test_a_path_without_documents_is_not_run(run):
    ran = run("""
        - decision:
            if: true
            then:
              - message: changed
            else:
              - exception: {message: never, stop: process}
        - return_documents: default
    """)
    assert ran.texts() == ["changed"] * 3
    assert ran.report.status == "complete"


def test_changes_on_one_branch_are_not_seen_on_its_siblings(run):
    ran = run(
        """
        - set_properties: {colour: red}
        - branch:
            - - set_properties: {colour: blue, rec.key: mine, only: here}
              - message: changed
              - return_documents: one
            - - return_documents: two
        """,
        ["a"],
    )
    (_, one), (_, two) = ran.returned
    assert (one.payload.read(), dict(one.properties)) == (b"changed", {"colour": "blue", "only": "here"})
    assert one.tracked["rec.key"] == "mine"
    assert (two.payload.read(), dict(two.properties), dict(two.tracked)) == (b"a", {"colour": "red"}, {})


def test_process_properties_are_shared_and_the_last_write_wins(run):
    ran = run(
        """
        - branch:
            - - set_properties: {process.seen: "one {{ document.text }}"}
              - stop: continue
            - - notify: "{{ process.seen }}"
              - set_properties: {process.seen: two}
        - notify: "{{ process.seen }}"
        """,
        ["a", "b"],
    )
    assert ran.log == ["one b", "one b", "two", "two"]


def test_names_and_values_of_properties_are_strings(run):
    ran = run(
        """
        - set_properties: {number: 7, yes: "{{ 1 == 1 }}", list: "{{ [1, 2] }}"}
        - return_documents: default
        """,
        ["a"],
    )
    (_, document), *_ = ran.returned
    assert dict(document.properties) == {"number": "7", "yes": "true", "list": "[1,2]"}


def test_without_a_start_a_process_begins_with_one_empty_document(run):
    ran = run("- return_documents: default\n", start="")
    assert (ran.texts(), ran.counts) == ([""], (1, 1, 0))


def test_temporary_files_are_gone_when_the_execution_is_over(run):
    ran = run("""
        - connector: {connection: rec, operation: produce-large}
        - branch:
            - - connector: {connection: rec, operation: produce-large}
            - - FAIL x a1
    """)
    assert ran.report.documents_failed == 0
    assert ran.left_behind == []
