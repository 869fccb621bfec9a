"""Closures and Jinja say the same, whatever the expression and the document."""

import random
from datetime import UTC, datetime

import pytest

from connector_sdk import ConnectorError, Document, Payload
from process_runner.expressions import Facts, Scope, Template, check

PLACES = ["prop.x", "prop['odd name']", "prop.nothing", "prop.s3.bucket", "prop['s3']['key']", "prop.s3", "prop.x.y"]
PLACES += ["error.message", "process.region", "process.nothing", "document.text", "document.size", "document.index"]
PLACES += ["document.id", "document.nothing", "execution.id", "execution.last_run", "execution.process", "nowhere.x"]
PLACES += ["json('id')", "json('name')", "json('lines')", "json('none')", "json('nothing')", "json('[')", "prop._x"]
PLACES += ["now()", "csv('a')", "xml('/a')", "prop['_x']", "execution", "json('lines[0]')", "prop.number", "prop.empty"]
CONSTANTS = ["'a'", "'%s'", "''", "1", "0", "-2", "2.5", "true", "false", "none", "['a', 1]", "('x',)", "[]", "'one'"]
FILTERS = [
    "upper",
    "lower",
    "trim",
    "default('d')",
    "default(prop.x)",
    "d(prop.nothing)",
    "default('d', true)",
    "length",
]
FILTERS += [
    "int",
    "int(0)",
    "float",
    "float(default=1)",
    "round",
    "round(1, 'floor')",
    "abs",
    "title",
    "string",
    "first",
]
FILTERS += [
    "replace('e', 'EE')",
    "replace('e', prop.nothing)",
    "truncate(3)",
    "tojson",
    "urlencode",
    "last",
    "list",
    "join",
]
FILTERS += ["date('%Y')", "shift(days=1)", "capitalize", "count", "safe", "default", "replace('e')"]
METHODS = [
    "upper()",
    "split('/')",
    "startswith('o')",
    "replace('o', '0')",
    "zfill(5)",
    "strip()",
    "format(1)",
    "nothing()",
]
METHODS += [
    "removesuffix('e')",
    "isdigit()",
    "find('n')",
    "split(1)",
    "encode()",
    "zfill('x')",
    "startswith(prop.nothing)",
]
SIGNS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
ENDS = ["[0]", "[:2]", "[-1:]", "['n']", "[9]", "['x':]", ".n"]
AROUND = [
    "{}",
    "{}",
    " {}",
    "a {} b%",
    "%s {}\n",
    "{}{}",
    "{} {{# no #}}{}",
    "{{% if true %}}{}{{% endif %}}",
    "{}\r\n{}",
]

DOCUMENTS = [
    Document(Payload(b""), {}, {}, id="1"),
    Document(
        Payload(b'{"id": 7, "name": "\xc3\x84", "none": null, "lines": [{"n": 1.5}, 2]}'),
        {"x": "one", "odd name": "T wo", "number": "17", "empty": "", "_x": "hidden"},
        {"s3.bucket": "orders", "s3.key": "a/b.c", "error.message": "no"},
        id="4.2",
    ),
    Document(
        Payload(b"a;b\n1;2"), {"x": "12", "number": "1e3", "s3": "own", "empty": "\udcff"}, {"s3.key": "/"}, id="3"
    ),
    Document(Payload(b"a,b\n1,2\n"), {"x": "", "number": "-3.5", "odd name": "<x> & 'y'"}, {}, id="7"),
    Document(Payload(b"<a>1<b/></a>"), {"x": "a/one/e", "number": "x"}, {"error.message": "%d"}, id="8"),
    Document(Payload(b"\xff"), {"x": "\ud800"}, {}, id="9"),
]
SEEDS = 40
EXPRESSIONS = 50
"""For each seed: 2,000 expressions in all, each for every document."""


def value(dice: random.Random, depth: int) -> str:
    """An expression; the deeper, the longer."""
    if depth == 0:
        return dice.choice(PLACES if dice.random() < 0.7 else CONSTANTS)
    inner, other = value(dice, depth - 1), value(dice, dice.randrange(depth))
    forms = [
        f"{inner} | {dice.choice(FILTERS)}",
        f"({inner}).{dice.choice(METHODS)}",
        f"({inner}) {dice.choice(SIGNS)} ({other})",
        f"({inner}){dice.choice(ENDS)}",
        f"not {inner}",
        f"-{inner}",
        f"{inner} if {other} else {value(dice, 0)}",
        f"{inner} if {other}",
        f"({inner}) is {dice.choice(['defined', 'not defined', 'undefined', 'none', 'string'])}",
        f"{inner} < {other} < 3",
    ]
    return dice.choices(forms, [6, 4, 6, 3, 1, 1, 2, 1, 2, 1])[0]


def expression(dice: random.Random) -> str:
    """A text with one or two expressions in it."""
    form = dice.choice(AROUND)
    inside = ["{{ " + value(dice, dice.choice([0, 1, 1, 2, 2, 3])) + " }}" for _ in range(2)]
    return form.format(*inside)


@pytest.fixture
def scope():
    now = datetime(2026, 1, 5, tzinfo=UTC)
    facts = Facts("abc", "p", now, frozenset({"s3"}), lambda: now, process_properties={"region": "eu"})
    return Scope(facts)


def outcome(template, scope):
    """The value with its type, its text, or the error that came instead."""
    try:
        found = template.value(scope)
    except ConnectorError as error:
        return type(error), str(error), error.code
    try:
        return type(found), repr(found), template.text(scope)
    except ConnectorError as error:
        return type(found), str(error), error.code


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_expression_means_the_same_with_jinja_and_without(scope, seed):
    dice = random.Random(seed)
    without = 0
    sources = [source for _ in range(EXPRESSIONS) if check(source := expression(dice)) is None]
    for source in sources:
        template, jinja = Template(source), Template(source)
        jinja._read, jinja._without_jinja = None, lambda: None
        for document in DOCUMENTS:
            there = scope.at(document, 3)
            assert outcome(template, there) == outcome(jinja, there), (source, document.id)
        without += template._read is not None
    assert without > EXPRESSIONS / 5


@pytest.mark.parametrize(
    "source",
    [
        "order-{{ prop.kind | default('retail') }}-{{ document.size }}",
        "{{ prop.file_name | default(prop.disk.file_name) | default(document.id) }}".replace("disk", "s3"),
        "{{ now() | date('%Y/%m/%d') }}/{{ prop.x | upper }}",
        "{{ document.index % 10 == 0 and prop.x != 'a' }}",
        "{{ prop.nothing is defined }}",
        "{{ prop.x.split('/')[0] ~ '.json' }}",
        "{{ prop.x[:2] if prop.x in ['a', 'one'] else 'other' }}",
    ],
)
def test_everyday_expressions_do_without_jinja(scope, source):
    template = Template(source)
    template.text(scope.at(DOCUMENTS[1], 3))
    assert template._compiled is None


@pytest.mark.parametrize(
    "source", ["{{ uuid() }}", "{{ unique() }}", "{{ prop.x ~ sequence('a') }}", "{{ lookup('c', 1) }}"]
)
def test_what_has_an_effect_is_evaluated_by_jinja_alone(scope, source):
    template = Template(source)
    assert template._without_jinja() is None


def test_no_more_text_is_made_without_jinja_than_with_it(scope):
    large = Document(Payload(b"x" * (40 << 20)), {"x": "y"}, id="1")
    for source in ["{{ document.text }}{{ document.text }}", "{{ document.text | d('') }}{{ document.text }}"]:
        with pytest.raises(ConnectorError, match="at most 67,108,864 characters"):
            Template(source).text(scope.at(large, 1))
    with pytest.raises(ConnectorError, match="at most 67,108,864 characters"):
        Template("{{ document.text ~ document.text }}").text(scope.at(large, 1))
    with pytest.raises(ConnectorError, match="at most 67,108,864 characters"):
        Template("{{ document.text.replace('x', 'yy') }}").text(scope.at(large, 1))
