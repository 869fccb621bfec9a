"""Content may stay in another system where one step reads it at once, and nowhere else."""

import pytest

from connector_sdk import Document, Payload

LOOK = "- connector: {connection: rec, operation: look}\n"
SET = "- set_properties: {k: 'of {{ prop.rec.key }}', s: '{{ document.size }}'}\n"
WRITE = "- connector: {connection: rec, operation: write}\n"


def told(ran):
    return [each for each in ran.effects if each in ("may stay", "is kept")]


@pytest.fixture
def looked(run, tmp_path, monkeypatch):
    """What the operation was told."""
    monkeypatch.chdir(tmp_path)
    return lambda steps, inputs=("a",), **more: told(run(steps, inputs, **more))


def with_look(operation):
    return LOOK.replace("look", operation)


SET_KEY = "- set_properties: {rec.key: x, x: y}\n"
STRAIGHT = {
    "the next step": LOOK + WRITE,
    "with properties between": SET_KEY + LOOK + SET_KEY + SET + WRITE,
    "with its size tracked": with_look("look-and-weigh") + WRITE,
    "in a batch of one": "- flow_control: {batch: 1}\n" + LOOK + WRITE,
    "in a thread of its own": "- flow_control: {threads: 2, batch: 1}\n" + LOOK + WRITE,
    "to a batch operation": LOOK + WRITE.replace("write", "batch"),
    "with a parameter of properties": LOOK + WRITE.replace("}", ", parameters: {at: '{{ prop.x }}'}}"),
}
SEEN = {
    "last step": LOOK,
    "looked at by an expression": LOOK + "- set_properties: {x: '{{ document.text }}'}\n" + WRITE,
    "looked at as JSON": LOOK + "- set_properties: {x: \"{{ json('a') }}\"}\n" + WRITE,
    "perhaps looked at": LOOK + "- set_properties: {x: '{{ document.size + 1 }}'}\n" + WRITE,
    "another content between": LOOK + "- message: hello\n" + WRITE,
    "another step between": LOOK + "- notify: hello\n" + WRITE,
    "an operation between": LOOK + WRITE + WRITE,
    "passed through": LOOK + WRITE.replace("}", ", pass_through: true}"),
    "given back": LOOK + "- return_documents: default\n",
    "looked at by a parameter": LOOK + WRITE.replace("}", ", parameters: {at: '{{ document.text }}'}}"),
    "a property of the process set between": LOOK + "- set_properties: {process.last: '{{ prop.x }}'}\n" + WRITE,
    "refusals travel on": LOOK + WRITE.replace("}", ", return_application_errors: true}"),
    "refusals of its own travel on": LOOK.replace("}", ", return_application_errors: true}") + WRITE,
    "read by who may read twice": LOOK + WRITE.replace("write", "rewrite"),
    "archived": with_look("look-and-archive") + WRITE,
    "cached": with_look("look-and-cache") + WRITE,
    "tracked": with_look("look-and-track") + WRITE,
    "archived by its reader": LOOK + WRITE.replace("write", "archive"),
    "tracked by its reader": LOOK + WRITE.replace("write", "tracked"),
    "caught": f"- try_catch:\n    try:\n      {LOOK}      {WRITE}    catch:\n      {WRITE}",
    "followed by what follows a path": f"- decision:\n    if: true\n    then:\n      {LOOK}      {WRITE}{WRITE}",
}


@pytest.mark.parametrize("steps", STRAIGHT.values(), ids=STRAIGHT)
def test_content_may_stay_where_the_last_step_reads_it_at_once(looked, steps):
    assert looked(steps) == ["may stay"]


@pytest.mark.parametrize("steps", SEEN.values(), ids=SEEN)
def test_content_that_anybody_else_might_see_is_kept(looked, steps):
    assert looked(steps) == ["is kept"]


@pytest.mark.parametrize("steps", [LOOK + WRITE, "- flow_control: {threads: 2}\n" + LOOK + WRITE])
def test_of_several_documents_each_is_kept_as_it_was(looked, steps):
    assert looked(steps, ("a", "b", "c", "d")) == ["is kept"] * 4


def test_several_documents_each_in_a_batch_of_its_own_may_stay(looked):
    assert looked("- flow_control: {batch: 1}\n" + LOOK + WRITE, ("a", "b")) == ["may stay"] * 2


def test_what_a_called_process_gets_is_kept_as_its_caller_may_catch_it(looked):
    assert looked("- process_call: {process: called}\n", called="- start: passthrough\n" + LOOK + WRITE) == ["is kept"]


def test_a_start_that_gives_one_document_may_leave_it_where_it_is(looked):
    start = LOOK.replace("connector:", "start:")
    assert looked(WRITE, start=start) == ["may stay"]
    assert looked("", start=start) == ["is kept"]


def test_what_comes_through_a_connection_of_the_documents_own_is_kept_as_that_may_be_closed(looked, tmp_path):
    look = LOOK.replace("}", ", dynamic_connection: {journal: '{{ prop.j }}'}}")
    allowed = "connections: {rec: {allow_dynamic_connection: [journal]}}"
    given = Document(Payload(b"a"), {"j": str(tmp_path / "journal")})
    assert looked(look + WRITE, (given,), extensions=allowed) == ["is kept"]
