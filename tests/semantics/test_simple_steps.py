"""Consecutive simple steps take documents along block by block, and nobody can tell but by the disk."""

import logging
import weakref

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime

STEPS = """
- set_properties: {first: "{{ document.text }}-{{ document.index }}"}
- message: "{{ prop.first | replace('1-', 'one-') }} {{ document.index }}"
- set_properties: {third: "{{ json('x') if document.text.startswith('3-') else document.index }}"}
- decision:
    if: "{{ (prop.third | int) % 2 == 0 }}"
    then:
      - set_properties: {even: "{{ document.index }}"}
- message: "{{ document.text }} {{ prop.third }} {{ prop.even | default('-') }}"
- return_documents: default
"""


class Counting(LocalRuntime):
    """Counts the groups that went to disk."""

    paths = 0

    def new_path(self):
        Counting.paths += 1
        return super().new_path()


@pytest.fixture
def small(monkeypatch):
    """Groups of at most four documents in memory."""
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 4)


@pytest.fixture
def spilled(run, small):
    """How many groups on disk some steps take for ten documents, beside the one that the start gives."""

    def count(steps: str) -> int:
        def paths(steps: str) -> int:
            Counting.paths = 0
            ran = run(f"{steps}\n- stop: continue", map(str, range(10)), runtime=Counting)
            assert ran.counts == (10, 10, 0)
            return Counting.paths

        return paths(steps) - paths("")

    return count


def test_what_steps_make_and_count_does_not_depend_on_the_blocks(run, monkeypatch):
    def seen(most: int):
        monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", most)
        ran = run(STEPS, [str(number) for number in range(11)])
        steps = {
            each.step: (each.documents_in, each.documents_out, each.failed, each.bytes) for each in ran.report.steps
        }
        return ran.texts(), steps, ran.failures, ran.counts

    whole = seen(5_000)
    texts, steps, failures, counts = whole
    assert counts == (11, 10, 1)
    assert failures == [("set_properties 2", "4", "InvalidJson")]
    assert texts[0] == "one-2 2 2 1"  # the second document, which is the first that is even
    assert {name: count[:3] for name, count in steps.items() if name != "start"} == {
        "set_properties": (11, 11, 0),
        "message": (11, 11, 0),
        "set_properties 2": (11, 10, 1),
        "decision": (10, 10, 0),
        "set_properties 3": (4, 4, 0),
        "message 2": (10, 10, 0),
        "return_documents": (10, 10, 0),
    }
    assert [seen(most) for most in (1, 2, 3, 4, 10, 11)] == [whole] * 6


def test_no_group_lies_on_disk_between_simple_steps(spilled):
    assert spilled("- set_properties: {a: b}\n" * 20) == 1  # what the last of them made


def test_a_decision_and_a_route_sort_what_simple_steps_make_as_it_comes(spilled):
    assert spilled("- set_properties: {a: b}\n- decision: {if: true}") == 1  # the true documents
    assert spilled("- set_properties: {a: b}\n- route: {by: a, routes: [{equals: b}]}") == 1


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("set_properties: {n: \"{{ call('rec', 'rewrite').text }}\"}", 2),
        ("set_properties: {n: \"{{ sequence('s') }}\"}", 2),
        ("set_properties: {process.n: x}", 2),
        ("notify: x", 2),
        ("message: {text: x, combine: false}", 1),
    ],
)
def test_a_step_with_an_effect_finishes_before_the_next_one_begins(project, effect, expected):
    steps = project(main=f"- start: passthrough\n- {effect}\n- message: y").processes["main"].steps
    assert len([step for step in steps if step.shape.simple() is None]) == expected


def test_a_step_that_gets_nothing_of_simple_steps_is_not_run(run, small):
    ran = run('- message: "{{ prop.no }}"\n- set_properties: {a: b}\n- decision: {if: true}', map(str, range(6)))
    steps = [ran.step(label) for label in ("message", "set_properties", "decision")]
    assert steps == [(6, 0, 6), (0, 0, 0), (0, 0, 0)]


def test_a_simple_step_hands_on_what_it_has_made_before_it_is_too_much(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.blocks.MOST_BYTES", 1000)
    there = most = 0

    class Held(Payload):
        """Counts how many of its kind there are."""

        __slots__ = ()

        def __init__(self, data):
            nonlocal there, most
            super().__init__(data)
            there += len(data) > 100
            most = max(most, there)

        def __del__(self):
            nonlocal there
            there -= self.size > 100

    monkeypatch.setattr("process_runner.shapes.message.Payload", Held)
    steps = "- message: \"{{ 'x' * 500 }}\"\n- message: y\n- stop: continue"
    ran = run(steps, (Document(Payload(b"")) for _ in range(100)))
    assert ran.counts == (100, 100, 0)
    assert 2 <= most <= 4


@pytest.mark.parametrize("steps", [1, 20])
def test_many_simple_steps_hold_no_more_than_one(run, monkeypatch, steps):
    monkeypatch.setattr("process_runner.engine.blocks.MOST_BYTES", 20_000)
    there = most = 0

    class Held(Payload):
        """Counts the bytes of its kind that there are."""

        __slots__ = ()

        def __init__(self, data):
            nonlocal there, most
            super().__init__(data)
            there += len(data)
            most = max(most, there)

        def __del__(self):
            nonlocal there
            there -= self.size

    monkeypatch.setattr("process_runner.shapes.message.Payload", Held)
    writing = "- message: \"{{ 'x' * 100 }}\"\n" * steps
    ran = run(f"{writing}- decision: {{if: true, then: [{{stop: continue}}]}}", map(str, range(1000)))
    assert ran.counts == (1000, 1000, 0)
    sorted_documents = 1000 * 100
    assert sorted_documents <= most <= sorted_documents + 30_000


def test_what_simple_steps_replaced_is_gone_when_the_next_step_runs(run, monkeypatch):
    large, seen = weakref.WeakSet(), []

    class Held(Payload):
        """Can be seen for as long as it is there."""

        __slots__ = ("__weakref__",)

        def __init__(self, data):
            super().__init__(data)
            if len(data) > 100:
                large.add(self)

    class Looking(logging.Handler):
        """Looks how many there are whenever something is written to the log."""

        def emit(self, record):
            seen.append((record.getMessage(), len(large)))

    monkeypatch.setattr("process_runner.shapes.message.Payload", Held)
    looking = Looking()
    log = logging.getLogger("process_runner.notify")
    log.addHandler(looking)
    run("- message: \"{{ 'x' * 500 }}\"\n- notify: one\n- message: y\n- notify: two")
    log.removeHandler(looking)
    assert seen == [("one", 3)] * 3 + [("two", 0)] * 3


class Full(LocalRuntime):
    """On a disk that takes no groups."""

    def new_path(self):
        return super().new_path() / "nowhere"


def test_a_group_that_finds_no_room_on_disk_stops_the_step_that_made_its_documents(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_BYTES", 2_000)
    steps = "[{message: \"{{ 'x' * 3000 }}\"}, {set_properties: {a: b}}]"
    ran = run(f"- decision: {{if: true, then: {steps}}}", runtime=Full)
    assert [failure[0] for failure in ran.failures] == ["set_properties"]
    ran = run(
        f"- try_catch: {{trigger: all_errors, try: {steps}, catch: [{{notify: '{{{{ error.step }}}}'}}]}}", runtime=Full
    )
    assert [line for line in ran.log if line == "set_properties"] == ["set_properties"] * 3


def test_any_number_of_simple_steps_may_follow_each_other(run):
    ran = run(
        '- set_properties: {n: "{{ prop.n | default(0) | int + 1 }}"}\n' * 600 + "- message: '{{ prop.n }}'", ["a"]
    )
    assert ran.texts() == []
    assert ran.counts == (1, 1, 0)
    assert ran.step("message") == (1, 1, 0)


def test_the_time_of_simple_steps_is_their_own(run, small):
    slow = "set_properties: {a: '{{ range(20000) | sum }}'}"
    ran = run(f"- {slow}\n- decision: {{if: true}}\n- stop: continue", map(str, range(20)))
    seconds = {each.step: each.duration for each in ran.report.steps}
    assert min(seconds.values()) > 0
    assert sum(seconds.values()) <= ran.report.duration  # nothing is counted twice
