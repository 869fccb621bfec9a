import time
from datetime import UTC, datetime

import pytest

from connector_sdk import ConnectorError, Document, Payload
from process_runner.expressions import Facts, Scope, Template, check, jinja, reads
from process_runner.expressions.references import reader
from process_runner.lint import _reads, _trees

PROPERTIES = {"x": "one", "odd name": "two", "a.b": "dotted", "s3": "hidden", "if": "word", "empty": ""}
TRACKED = {"s3.bucket": "orders", "meta.size": "5", "s3.file name": "odd"}
CONTENT = '{"id": 7, "ok": true, "none": null, "name": "Ängström", "lines": [{"n": 1.5}]}'

FAST = [
    "{{ prop.x }}",
    "{{prop.x}}",
    "{{\n prop.x\t}}",
    "{{ prop['odd name'] }}",
    '{{ prop["a.b"] }}',
    "{{ prop.if }}",
    "{{ prop.empty }}",
    "{{ prop.s3.bucket }}",
    "{{ prop.meta.size }}",
    "{{ process.shared }}",
    "{{ json('id') }}",
    "{{ json('ok') }}",
    "{{ json('lines[0].n') }}",
    "{{ json('lines') }}",
    '{{ json("name") }}',
    "{{ document.text }}",
    "{{ document.id }}",
    "{{ document.index }}",
    "{{ prop.s3.bucket }}/{{ prop.x }}.json",
    "a {{ json('lines') }} b {{ json('ok') }}",
    "{{ prop.x }}\n",
    "{{ prop.x }}{{ prop.x }}",
    "}} {{ prop.x }} %}",
    " {{ document.index }} ",
]
MISSING = [
    "{{ prop.nothing }}",
    "{{ prop['nothing at all'] }}",
    "{{ prop.s3 }}",
    "{{ prop['s3'] }}",
    "{{ prop.s3.nothing }}",
    "{{ prop.x.y }}",
    "{{ prop.nowhere.y }}",
    "{{ process.nothing }}",
    "{{ json('nothing') }}",
    "{{ json('none') }}",
    "{{ json('[') }}",
    "{{ json('sum(name)') }}",
    "x {{ prop.nothing }}",
    "x {{ json('none') }} y",
]
SLOW = [
    "{{ prop._x }}",
    "{{ prop.__class__ }}",
    "{{ prop.x | upper }}",
    "{{ prop['x' ~ ''] }}",
    "{{ prop['o\\'clock'] }}",
    "{{- prop.x -}}",
    "{{ prop.x }}\r\n",
    "{# no #}{{ prop.x }}",
    "{% if prop.x %}yes{% endif %}",
    "{{ prop.x }} {{ 1 + 1 }}",
    "{{ json('id', 'id') }}",
    "{{ '{{' }} {{ prop.x }}",
    "{{ prop.1 }}",
    "{{ {'a': prop.x}.a }}",
]


@pytest.fixture
def scope():
    facts = Facts("1", "p", datetime(2026, 1, 5, tzinfo=UTC), frozenset({"s3"}))
    facts.process_properties["shared"] = "three"
    return Scope(facts).at(Document(Payload(CONTENT.encode()), PROPERTIES, TRACKED, id="4.2"), 3)


def outcome(template, scope):
    """The value with its type, its text, or the error that came instead."""
    try:
        value = template.value(scope)
        return type(value), value, template.text(scope)
    except ConnectorError as error:
        return type(error), str(error), getattr(error, "code", "")


def with_jinja_alone(source):
    template = Template(source)
    template._read, template._without_jinja = None, lambda: None
    return template


@pytest.mark.parametrize("source", [*FAST, *MISSING, *SLOW])
def test_a_reference_means_the_same_with_jinja_and_without(source, scope):
    assert outcome(Template(source), scope) == outcome(with_jinja_alone(source), scope)


@pytest.mark.parametrize("source", FAST)
def test_a_common_reference_does_without_jinja(source, scope):
    template = Template(source)
    assert not isinstance(outcome(template, scope)[0], ConnectorError)
    assert template._compiled is None


@pytest.mark.parametrize("source", SLOW)
def test_what_is_no_plain_reference_is_left_to_jinja(source):
    assert reader(source) is None


@pytest.mark.parametrize("source", FAST)
def test_a_value_is_written_alike_alone_and_within_a_text(source, scope):
    assert Template(f"<{source}>").text(scope) == f"<{Template(source).text(scope)}>"


def test_values_are_written_alike_whichever_way_they_are_computed(scope):
    assert Template("<{{ json('ok') and true }}>").text(scope) == "<true>"
    assert Template("<{{ json('lines') | list }}>").text(scope) == '<[{"n":1.5}]>'


@pytest.mark.parametrize("source", ["{{ now }}", "at {{ now }}", "{{ json }}"])
def test_a_function_without_its_parentheses_is_an_error_that_says_so(source, scope):
    with pytest.raises(ConnectorError, match="write parentheses after its name"):
        Template(source).text(scope)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ call('a') }}", "call() missing 1 required positional argument: 'operation'"),
        ("{{ sequence() }}", "sequence() missing 1 required positional argument: 'name'"),
        ("{{ json() }}", "json() missing 1 required positional argument: 'path'"),
        ("{{ xml() }}", "the function() missing 1 required positional argument: 'path'"),
        ("{{ 1 + 'a' }}", "unsupported operand type(s) for +: 'int' and 'str'"),
    ],
)
def test_arguments_that_do_not_fit_are_told_in_the_authors_words(source, reason, scope):
    with pytest.raises(ConnectorError) as caught:
        Template(source).text(scope)
    assert str(caught.value) == f"{source}: TypeError: {reason}"


def test_a_property_is_read_in_less_than_a_microsecond(scope):
    template = Template("{{ prop.x }}")
    rounds = []
    for _ in range(20):  # the best of them, as the machine may be busy
        started = time.perf_counter()
        for _ in range(1000):
            template.text(scope)
        rounds.append(time.perf_counter() - started)
    assert min(rounds) / 1000 < 1e-6


@pytest.mark.parametrize("source", [*FAST, *MISSING])
@pytest.mark.parametrize("view", ["prop", "document", "process", "error", "json"])
def test_a_reference_says_of_itself_what_jinja_says_of_it(source, view):
    assert check(source) is None
    assert jinja.problem(source) is None
    assert reads(source, view) == jinja.reads(source, view) - ({None} if view == "json" else set())
    assert sorted(_reads.needed(source, view)) == sorted(_trees.needed(source, view))
    assert _reads.uses(source, view) == (_trees.uses(source, view) and view != "json")
    assert list(_trees.called(source, 0)) == []
