"""Blocks and tables: whatever is done to columns, the documents are those that it would have made one by one."""

from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import Document, Payload
from process_runner.engine.block import Block
from process_runner.engine.table import Table

TEXTS = st.text(max_size=3)
NAMES = st.sampled_from("abcd")
MAPPINGS = st.dictionaries(NAMES, TEXTS, max_size=3)


@st.composite
def documents(draw):
    """A block, and the documents that it stands for."""
    count = draw(st.integers(0, 5))
    contents = draw(st.lists(st.binary(max_size=3), min_size=count, max_size=count))
    shared = draw(st.booleans())
    bases = [draw(MAPPINGS)] * count if shared else draw(st.lists(MAPPINGS, min_size=count, max_size=count))
    first = draw(st.integers(1, 9))
    mixed = [Payload(each) if draw(st.booleans()) else each for each in contents]
    base = (bases[0] if bases else {}) if shared else bases
    block = Block(mixed, Table(base), Table({"s.t": "u"}), ("7", first), (1, 2))
    rows = zip(contents, bases, range(first, first + count), strict=True)
    return block, [facts_of(content, base, {"s.t": "u"}, f"7.{number}", (1, 2)) for content, base, number in rows]


@st.composite
def changes(draw):
    """What is done to a block, with a seed for its texts."""
    return draw(st.lists(st.tuples(st.sampled_from(["over", "part", "chosen", "of", "packed"]), st.integers(0, 99))))


def facts_of(content, properties, tracked, id, origins):
    return content, list(properties.items()), dict(tracked), id, origins


def facts(document):
    return facts_of(document.payload.read(), document.properties, document.tracked, document.id, document.origins)


def changed(block, expected, kind, seed):
    count = len(expected)
    if kind == "over":
        name, column = "abcdef"[seed % 6], f"{seed}" if seed % 2 else [f"{seed}-{place}" for place in range(count)]
        texts = column if isinstance(column, list) else [column] * count
        rows = [
            (each[0], list({**dict(each[1]), name: text}.items()), *each[2:])
            for each, text in zip(expected, texts, strict=True)
        ]
        return block.replace(properties=block.properties.over({name: column})), rows
    if kind == "part":
        start, stop = sorted((seed % 4, seed // 4 % 6))
        return block.part(start, stop), expected[start:stop]
    if kind == "chosen":
        wanted = [bool(seed >> place & 1) for place in range(count)]
        return block.chosen(wanted), list(compress(expected, wanted))
    if kind == "of":
        return Block.of(list(block)), expected
    return block.replace(properties=Table.unpacked(block.properties.packed())), expected


@given(documents(), changes())
def test_a_block_makes_the_documents_that_it_stands_for(made, todo):
    block, expected = made
    for kind, seed in todo:
        block, expected = changed(block, expected, kind, seed)
        assert len(block) == len(expected)
        assert [facts(document) for document in block] == expected
        assert [facts(document) for document in block] == expected
        assert block.sizes() == [len(content) for content, *_ in expected]
        for name in "abcdef":
            found = block.properties.get(name)
            column = found if isinstance(found, list) else [found] * len(block)
            assert column == [dict(properties).get(name) for _, properties, *_ in expected]


def test_what_documents_share_weighs_once_and_files_weigh_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 100)
    contents = [b"ab", Payload(b"cd"), Payload.file(tmp_path / "file")]
    block = Block(contents, Table({"a": "12345"}, {"b": ["1", "2", "3"], "c": "67"}), Table(), ["1", "2", "3"], ())
    assert block.weight() == 4 + 5 + 3 + 2
    assert block.sizes() == [2, 2, 100]
    listed = Block.of([Document(Payload(b"abc"), {"a": "1"}, {"s.t": "22"})] * 2)
    assert listed.weight() == 2 * (3 + 1 + 2)
