"""One process for each sentence about document caches."""

from connector_sdk.runtime import LocalRuntime


def test_documents_come_back_by_their_key_in_the_order_in_which_they_were_added(run):
    ran = run(
        """
        - set_properties: {colour: "{{ document.text }}", from: cache}
        - add_to_cache: {cache: letters, key: "{{ document.text | first }}"}
        - message: "{{ document.text | first }}"
        - set_properties: {colour: none, mine: "yes"}
        - decision: {if: "{{ document.index < 3 }}", else: [{stop: continue}]}
        - retrieve_from_cache: {cache: letters, key: "{{ document.text }}"}
        - return_documents: default
        """,
        ["a1", "b1", "a2"],
    )
    assert ran.texts() == ["a1", "a2", "b1"]
    assert [document.id for _, document in ran.returned] == ["1.1", "1.2", "2"]
    assert dict(ran.returned[1][1].properties) == {"colour": "a2", "from": "cache", "mine": "yes"}


def test_a_key_without_documents_fails_the_document(run):
    ran = run("- retrieve_from_cache: {cache: letters, key: x}", ["a"])
    assert ran.report.failures[0].message == "cache 'letters' has nothing under key 'x'"
    assert ran.failures == [("retrieve_from_cache", "1", "NotInCache")]


def test_what_is_removed_is_gone_and_its_file_with_it(run):
    ran = run("""
        - connector: {connection: rec, operation: produce-large}
        - add_to_cache: {cache: letters, key: all}
        - add_to_cache: {cache: letters, key: kept}
        - message: "{{ document.index }}"
        - decision:
            if: "{{ document.index == 1 }}"
            then:
              - remove_from_cache: {cache: letters, key: all}
              - retrieve_from_cache: {cache: letters, key: kept}
              - return_documents: default
            else:
              - retrieve_from_cache: {cache: letters, key: all}
    """)
    assert [text.strip() for text in ran.texts()] == ["a1", "b1", "c1"]
    assert [failure[2] for failure in ran.failures] == ["NotInCache"] * 2
    assert len(ran.left_behind) == 3  # those of the documents that were returned


def test_retrieved_documents_outlive_their_entry(run):
    ran = run(
        """
        - connector: {connection: rec, operation: produce-large}
        - add_to_cache: {cache: letters, key: all}
        - retrieve_from_cache: {cache: letters, key: all}
        - remove_from_cache: {cache: letters, key: all}
        - return_documents: default
        """,
        ["a"],
    )
    assert ran.texts() == ["a1".ljust(100000)]


def test_lookup_reads_a_value_of_the_latest_document_under_a_key(run):
    ran = run(
        """
        - add_to_cache: {cache: customers, key: "{{ json('id') }}"}
        - message: "{{ lookup('customers', 7, 'name') }}, {{ lookup('customers', '8') }}"
        - return_documents: default
        """,
        ['{"id": 7, "name": "old"}', '{"id": 7, "name": "new"}', '{"id": 8}'],
    )
    assert ran.texts() == ['new, {"id": 8}'] * 3


def test_a_lookup_that_finds_nothing_is_an_error_unless_there_is_a_default(run):
    ran = run(
        """
        - branch:
            - - notify: "{{ lookup('letters', 'x', 'a') | default('none') }}"
            - - notify: "{{ lookup('letters', 'x') }}"
        """,
        ["a"],
    )
    assert ran.log[0] == "none"
    assert "cache 'letters' has nothing under key 'x'" in ran.report.failures[0].message


def test_lookup_reads_xml_too(run):
    ran = run(
        """
        - add_to_cache: {cache: orders, key: one}
        - message: "{{ lookup('orders', 'one', '//order/@id') }}"
        - return_documents: default
        """,
        ["<orders><order id='7'/></orders>"],
    )
    assert ran.texts() == ["7"]


def test_a_cache_lives_for_one_execution_and_its_children(run):
    steps = """
        - process_call: {process: child}
        - notify: "{{ lookup('letters', 'x') }}"
    """
    child = "- start: passthrough\n- add_to_cache: {cache: letters, key: x}"
    assert run(steps, ["a"], child=child).log == ["a"]
    assert run("- notify: \"{{ lookup('letters', 'x') | default('none') }}\"", ["a"]).log == ["none"]


def test_threads_share_a_cache(run):
    ran = run(
        """
        - flow_control: {threads: 4, batch: 1}
        - add_to_cache: {cache: numbers, key: "{{ document.text }}"}
        - retrieve_from_cache: {cache: numbers, key: "{{ document.text }}"}
        - return_documents: default
        """,
        map(str, range(200)),
    )
    assert sorted(ran.texts(), key=int) == [str(number) for number in range(200)]


def test_the_files_of_entries_that_were_removed_do_not_pile_up(run):
    most = 0

    class Watching(LocalRuntime):
        def store(self, source):
            nonlocal most
            stored = super().store(source)
            most = max(most, sum(path.stat().st_size > 50_000 for path in self.folder.rglob("*")))
            return stored

    ran = run(
        """
        - flow_control: {batch: 1}
        - connector: {connection: rec, operation: produce-large}
        - add_to_cache: {cache: letters, key: x}
        - remove_from_cache: {cache: letters, key: x}
        """,
        map(str, range(30)),
        runtime=Watching,
    )
    assert ran.report.status == "complete"
    assert 1 <= most <= 2
