"""Templates: native types, texts of values, what is found when the project loads, and travelling by pickle."""

import pickle

import pytest

from process_runner.expressions import Template, check, names_read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 1 }}", 1),
        ("{{ 1.5 }}", 1.5),
        ("{{ true }}", True),
        ("{{ [1, 'a'] }}", [1, "a"]),
        ("{{ {'a': 1} }}", {"a": 1}),
        ("{{ '1' }}", "1"),
        (" {{ 1 }}", " 1"),
        ("{{ 1 }}{{ 2 }}", "12"),
        ("{{ 1 if true else 2 }}", 1),
        ("no expression", "no expression"),
        ("a } b { c", "a } b { c"),
        (5, 5),
        (True, True),
        ("line\n{{ 1 }}\n", "line\n1\n"),
    ],
)
def test_one_whole_expression_keeps_its_type(value, source, expected):
    found = value(source)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ true }}", "true"),
        ("{{ false }}", "false"),
        (True, "true"),
        (5, "5"),
        (1.5, "1.5"),
        ("{{ 10 ** 20 }}", "100000000000000000000"),
        ("{{ 1e3 }}", "1000.0"),
        ("{{ [1, 'ü', none] }}", '[1,"ü",null]'),
        ("{{ {'a': [true]} }}", '{"a":[true]}'),
        ("{{ now() }}", "2026-03-31T12:30:05+00:00"),
        ("{{ '' }}", ""),
    ],
)
def test_properties_hold_texts(text, source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "code", "told"),
    [
        ("{{ none }}", "NoValue", "the value is null"),
        ("{{ prop }}", "NoValue", "this is a set of properties; name one of them"),
        ("{{ prop.s3 }}", "NoValue", "this is a set of properties; name one of them"),
        ("{{ document }}", "NoValue", "name one of them"),
    ],
)
def test_what_is_no_text_is_refused(failure, source, code, told):
    found = failure(source)
    assert found[0] == code
    assert told in found[1]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ jsn('a') }}", "unknown name 'jsn' in an expression; did you mean 'json'?"),
        ("{{ prop.a | nosuch }}", "unknown filter 'nosuch' in an expression"),
        ("{{ prop.a is nosuch }}", "unknown test 'nosuch' in an expression"),
        ("{{ json('a' }}", "this expression does not parse: unexpected '}', expected ')'"),
        ("{% if true %}", "this expression does not parse: Unexpected end of template"),
        ("{% include 'x' %}", "an expression cannot load other templates"),
        ("{% import 'x' as y %}", "an expression cannot load other templates"),
        ("{% extends 'x' %}", "an expression cannot load other templates"),
        ("a\nb\n{{ ) }}", "(line 3 of the text)"),
        ("{{ 'unclosed }}", "this expression does not parse"),
    ],
)
def test_what_cannot_work_is_found_at_load(source, told):
    assert told in check(source)


@pytest.mark.parametrize(
    "source",
    [
        "text",
        5,
        True,
        "{{ prop.a }}",
        "{% set a = 1 %}{{ a }}",
        "{% for a in [1] %}{{ a }}{% endfor %}",
        "{{ {} }}",
        "{# {{ nosuch }} #}",
    ],
)
def test_what_can_work_is_accepted(source):
    assert check(source) is None


def test_names_read_from_a_view():
    source = "{{ process.a }}{{ process['b c'] }}{{ prop.d }}{% if process.e %}{% endif %}"
    assert names_read(source, "process") == {"a", "b c", "e"}
    assert names_read("process.a", "process") == set()


@pytest.mark.parametrize("source", ["text", 5, "{{ json('a') }}", "{{ prop.customer | upper }}!"])
def test_a_template_travels_and_works_where_it_arrives(at, source):
    scope = at('{"a": [1]}', {"customer": "acme"})
    original = Template(source)
    assert pickle.loads(pickle.dumps(original)).value(scope) == original.value(scope)
    assert pickle.loads(pickle.dumps(original)).source == source


def test_a_constant_that_cannot_be_computed_is_told_when_the_project_loads():
    assert check("{{ true[0] and 1 }}") == "this expression cannot be computed: bool object has no element 0"
