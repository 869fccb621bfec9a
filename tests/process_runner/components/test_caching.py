"""caching: what an operation returned, found again under its key."""

import json


def steps(*documents, call="- connector: {connection: rec, operation: op}", after=""):
    return f"- start: {{documents: {json.dumps(documents)}}}\n{call}\n{after}\n- return_documents:"


def test_returned_documents_are_found_in_the_cache_by_the_key_computed_from_them(written, run):
    after = "- message: other\n- retrieve_from_cache: {cache: words, key: 'name of b'}"
    outcome = run(
        written(steps("a", "b", after=after), "caching: {cache: words, key: '{{ prop.rec.name }}'}\naction: write")
    )
    assert outcome.texts == ["B", "B"]


def test_all_documents_of_one_key_are_kept_in_the_order_in_which_they_were_returned(written, run):
    operation = "action: make\ncount: 3\ncaching: {cache: made, key: all}"
    after = "- message: {text: x, combine: true}\n- retrieve_from_cache: {cache: made, key: all}"
    numbers = [json.loads(text)["number"] for text in run(written(steps("a", after=after), operation)).texts]
    assert numbers == [1, 2, 3]


def test_answers_are_looked_up_beside_the_document_that_passed_through(written, run):
    call = "- connector: {connection: rec, operation: op, pass_through: true}"
    after = "- message: \"{{ document.text }} {{ lookup('words', 'word ' ~ document.id) }}\""
    operation = "action: write\ncaching: {cache: words, key: 'word {{ document.id }}'}"
    assert run(written(steps("a", "b", call=call, after=after), operation)).texts == ["a A", "b B"]


def test_a_key_that_cannot_be_computed_fails_the_document_and_none_of_its_answers_is_kept(written, run):
    operation = "action: make\ncaching: {cache: made, key: \"{{ 1 if json('number') == 1 else prop.missing }}\"}"
    fetch = "- retrieve_from_cache: {cache: made, key: 1}"
    process = "- branch:\n    - [{connector: {connection: rec, operation: op}}]\n    - [{message: next}]\n" + fetch
    outcome = run(written(process, operation))
    assert [failure.code for failure in outcome.report.failures] == ["ExpressionFailed", "NotInCache"]
    assert outcome.messages[1] == "cache 'made' has nothing under key '1'"


def test_documents_that_fail_are_not_kept(written, run):
    after = "- retrieve_from_cache: {cache: words, key: all}"
    operation = "action: write\ncaching: {cache: words, key: all}"
    assert run(written(steps("bad", "a", after=after), operation)).texts == ["A"]
