"""Documents that an operation gives many at a time are the same as those that it gives one by one."""

import pytest

from connector_sdk import Document, Payload

PAGES = ["[]", "[0]", "[1]", "[0, 1]", "[1, 0]", "[1, 1]", "[3]", "[2, 0, 5]", "[4, 4, 4]"]
STEPS = """
- set_properties: {rec.key: "{{ prop.own }}"}
- connector: {connection: rec, operation: pages}
- set_properties: {name: "{{ prop.rec.key }} of {{ prop.own }} at {{ document.index }}, {{ prop.meta.size }}"}
- return_documents: default
"""


def facts(document: Document):
    return (
        document.id,
        document.payload.read(),
        dict(document.properties),
        sorted(document.tracked.items()),
        document.origins,
    )


@pytest.fixture
def seen(run):
    """What is returned, and what each step counted, with pages of these sizes."""

    def go(sizes: str, at_once: str, steps: str = STEPS):
        refused = {"meta.status_code": "403", "meta.status_message": "no"}
        given = [
            Document(Payload(b"a"), {"own": "o"}, refused),
            Document(Payload(b"b"), {"own": "p", "x": "y"}, {"meta.size": "7"}),
        ]
        extensions = f"operations: {{pages: {{sizes: {sizes}, at_once: {at_once}}}}}"
        ran = run(steps, given, extensions=extensions)
        counted = [(each.step, each.documents_in, each.documents_out, each.bytes) for each in ran.report.steps]
        return [facts(document) for _, document in ran.returned], counted, ran.counts, ran.left_behind

    return go


@pytest.mark.parametrize("most", [3, 5_000])
@pytest.mark.parametrize("sizes", PAGES)
def test_a_page_is_its_documents(seen, sizes, most, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", most)
    assert seen(sizes, "true") == seen(sizes, "false")


def test_documents_of_pages_are_numbered_and_described(seen):
    (first, *_, last), _, counts, _ = seen("[2, 0, 1]", "true")
    assert counts == (2, 6, 0)
    assert first[:3] == ("1.1", b"a 0-0", {"own": "o", "name": "0-0 of o at 1, 5"})
    assert last[0] == "2.3"
    assert dict(last[3]) == {
        "rec.key": "2-0",
        "rec.written": "yes",
        "meta.size": "5",
        "meta.status_code": "200",
        "meta.status_message": "OK",
    }


def test_a_call_in_an_expression_reads_the_first_of_a_page(seen):
    steps = "- set_properties: {found: \"{{ call('rec', 'pages') }}\"}\n- return_documents: default"
    (first, second), *_ = seen("[0, 3]", "true", steps)
    assert (first[2]["found"], second[2]["found"]) == ("a 1-0", "b 1-0")
