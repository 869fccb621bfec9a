"""Columns and single documents say the same, whatever the expression and the documents."""

import random
from datetime import UTC, datetime

import pytest

from connector_sdk import ConnectorError, Document, Payload
from process_runner.engine.block import Block
from process_runner.engine.table import Table
from process_runner.expressions import Facts, OneByOne, Scope, Sight, Template, check

PLACES = ["prop.x", "prop['odd name']", "prop.some", "prop.s3.bucket", "prop['s3']['key']", "prop.s3", "prop.x.y"]
PLACES += ["error.message", "process.region", "process.nothing", "document.text", "document.size", "document.index"]
PLACES += ["document.id", "document.nothing", "execution.id", "nowhere.x", "json('id')", "now()", "prop._x", "'a'", "1"]
FILTERS = ["default('d')", "default(prop.x)", "d(prop.some)", "d('%s') | d(1)", "upper", "default", "d('x', true)"]
AROUND = ["{}", "{}", " {}", "a {} b%", "%s {}\n", "{}{}", "{}-{}", "{} {{# no #}}{}", "{}\r\n{}"]
DOCUMENTS = [
    Document(Payload(b"one"), {"x": "1", "some": "s", "odd name": ""}, {"s3.bucket": "b", "error.message": "e"}, "1"),
    Document(Payload(b"\xef\xbb\xbf\xc3\x84"), {"x": "%d"}, {"s3.bucket": "\udcff", "s3.key": "/"}, "2.1"),
    Document(Payload(b""), {"x": "", "odd name": "Ä"}, {"s3.bucket": "c"}, "2.2"),
    Document(Payload(b"\xff"), {"x": "no text"}, {"s3.bucket": "c"}, "3"),
    Document(Payload(b"half"), {"x": "\ud800"}, {"s3.bucket": "c"}, "4"),
]
FACTS = Facts(
    "abc",
    "p",
    datetime(2026, 1, 5, tzinfo=UTC),
    frozenset({"s3"}),
    lambda: datetime(2026, 1, 5, tzinfo=UTC),
    process_properties={"region": "eu"},
)
MOST = 1 << 20


def expression(dice: random.Random) -> str:
    """A text with one or two expressions in it."""
    inside = []
    for _ in range(2):
        filters = "".join(f" | {dice.choice(FILTERS)}" for _ in range(dice.choice([0, 0, 1, 1, 2])))
        inside.append("{{ " + dice.choice(PLACES) + filters + " }}")
    return dice.choice(AROUND).format(*inside)


def blocks(documents):
    """The same documents in each of the forms that a block has."""
    yield Block.of(documents)
    first = documents[0]
    if all(dict(each.properties) == dict(first.properties) for each in documents):
        yield Block(
            [each.payload.read() for each in documents],
            Table(first.properties),
            Table([each.tracked for each in documents]),
            [each.id for each in documents],
            (),
        )
    names = set.intersection(*(set(each.properties) for each in documents))
    rest = [{name: text for name, text in each.properties.items() if name not in names} for each in documents]
    yield Block(
        [each.payload for each in documents],
        Table(rest, {name: [each.properties[name] for each in documents] for name in names}),
        Table([each.tracked for each in documents]),
        [each.id for each in documents],
        (),
    )


def one_by_one(template, documents):
    """What each document gives, or None where one of them fails."""
    scope = Scope(FACTS)
    try:
        return [template.text(scope.at(document, index)) for index, document in enumerate(documents, 5)]
    except ConnectorError:
        return None


@pytest.mark.parametrize("seed", range(30))
def test_a_column_holds_what_each_document_gives(seed):
    dice = random.Random(seed)
    seen = 0
    for source in [source for _ in range(60) if check(source := expression(dice)) is None]:
        template = Template(source)
        documents = dice.choices(DOCUMENTS[: dice.choice([3, 3, 5])], k=dice.choice([1, 2, 5]))
        expected = one_by_one(template, documents)
        for block in blocks(documents):
            try:
                found = template.column(Sight(block, 5, FACTS, MOST))
            except OneByOne:
                continue
            seen += 1
            assert ([found] * len(documents) if isinstance(found, str) else found) == expected, (source, documents)
    assert seen > 10


@pytest.mark.parametrize(
    "source",
    [
        "order-{{ prop.kind | default('retail') }}-{{ document.size }}",
        "{{ prop.file_name | default(prop.s3.key) | default(document.id) }}",
        "{{ document.text }}",
        "{{ document.index }}",
        "{{ process.region }}/{{ prop['odd name'] | default('') }}",
        "{{ prop.s3.bucket }}",
        "plain",
    ],
)
def test_everyday_expressions_are_read_as_columns(source):
    documents = [DOCUMENTS[0], DOCUMENTS[2]]
    found = Template(source).column(Sight(Block.of(documents), 5, FACTS, MOST))
    assert ([found] * 2 if isinstance(found, str) else found) == one_by_one(Template(source), documents)


@pytest.mark.parametrize(
    "source",
    ["{{ uuid() }}", "{{ sequence('a') }}", "{{ call('a', 'b') }}", "{{ now() }}", "{{ prop.x ~ 'y' }}", "{# x #}"],
)
def test_anything_else_is_asked_of_each_document(source):
    with pytest.raises(OneByOne):
        Template(source).column(Sight(Block.of(DOCUMENTS[:2]), 5, FACTS, MOST))


@pytest.mark.parametrize(
    "source",
    ["{{ document.text }}", "{{ document.text }}-", "{{ prop.x }}{{ prop.x }}{{ prop.x }}", "x" * 60 + "{{ prop.x }}"],
)
def test_a_column_weighs_no_more_than_it_may(source):
    block = Block([b"a" * 50] * 4, Table({}, {"x": ["b" * 10] * 4}), Table(), ("1", 1), ())
    assert Template(source).column(Sight(block, 1, FACTS, 1000))
    with pytest.raises(OneByOne):
        Template(source).column(Sight(block, 1, FACTS, 100))


def test_columns_together_weigh_no_more_than_they_may():
    sight = Sight(Block([b"a" * 50] * 4, Table(), Table(), ("1", 1), ()), 1, FACTS, 500)
    text = Template("{{ document.text }}")
    assert [text.column(sight), text.column(sight)] == [["a" * 50] * 4] * 2
    with pytest.raises(OneByOne):
        text.column(sight)


@pytest.mark.parametrize(
    ("source", "has_column"),
    [
        ("plain", True),
        ("{{ prop.x }}", True),
        ("{{ prop.x | default('y') }}", True),
        ("{{ prop.x | upper }}", False),
        ("{{ json('a') }}", False),
        ("{{ execution.id }}", False),
        ("{{ document.nothing }}", False),
        ("\ud800", False),
    ],
)
def test_an_expression_tells_whether_it_has_columns(source, has_column):
    assert Template(source).has_column is has_column
