"""Lines: ended by a line feed, with or without a carriage return, and by nothing else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process_runner.formats.lines import LinesCombine, LinesSplit, lines

SPLIT = LinesSplit(format="lines")
COMBINE = LinesCombine(format="lines")
LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\ufeff"))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\n\nb", [b"a", b"", b"b"]),
        (b"\n", [b""]),
        (b"a\rb", [b"a\rb"]),
        ("a\u2028b\x85c\x0bd\x0ce".encode(), ["a\u2028b\x85c\x0bd\x0ce".encode()]),
        (b"\xef\xbb\xbfa\nb", [b"a", b"b"]),
    ],
)
def test_what_a_line_is(split, content, parts):
    assert split(SPLIT, content) == parts


def test_a_batch_keeps_the_line_ends_within_it(split):
    assert split(LinesSplit(format="lines", batch=2), b"a\r\nb\nc\n") == [b"a\r\nb", b"c"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_other_encodings_become_utf_8(split, combine, encoding):
    content = "é\nü\n".encode(encoding)
    assert split(LinesSplit(format="lines", encoding=encoding), content) == ["é".encode(), "ü".encode()]
    assert combine(LinesCombine(format="lines", encoding=encoding), content, content) == "é\nü\né\nü".encode()


def test_a_byte_that_does_not_decode_is_named_by_its_offset(split, combine, refused):
    code, message = refused(split, SPLIT, b"a\n" * 50_000 + b"caf\xe9\n")
    assert code == "InvalidEncoding"
    assert message.startswith("byte 100003 (0xe9) is not utf-8")
    assert "latin-1" in message
    assert refused(split, SPLIT, b"ab\xc3")[1].startswith("byte 2 (0xc3)")
    assert refused(split, SPLIT, b"\xef\xbb\xbfab\xff")[1].startswith("byte 5 (0xff)")
    assert refused(combine, COMBINE, b"good", b"bad\xff")[1].startswith("document 2: byte 3 (0xff)")


def test_an_unknown_encoding_is_refused_before_anything_runs():
    with pytest.raises(ValueError, match="unknown encoding 'utf-99'"):
        LinesSplit(format="lines", encoding="utf-99")
    with pytest.raises(ValueError, match="no encoding of documents"):
        LinesSplit(format="lines", encoding="unicode_escape")
    with pytest.raises(ValueError, match="unknown encoding 'base64'"):
        LinesSplit(format="lines", encoding="base64")


def test_exactly_one_line_end_lies_between_two_documents(combine):
    assert combine(COMBINE, "a\n", "b", "c\r\n", "", "d\n\n", "e\n") == b"a\nb\nc\n\nd\n\ne"
    assert combine(COMBINE) == b""


@given(st.lists(LINE))
def test_splitting_what_was_combined_gives_the_lines_back(split, combine, content):
    combined = combine(COMBINE, *content)
    assert split(SPLIT, combined + b"\n" if content else b"") == [line.encode() for line in content]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200)))
def test_lines_are_the_same_wherever_chunks_are_cut(content, cuts):
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    chunks = [content[start:end] for start, end in itertools.pairwise(places)]
    assert list(lines(chunks)) == list(lines([content] if content else []))
    assert b"".join(lines(chunks)) == content


def test_ten_megabytes_on_one_line(split):
    content = b"x" * 10_000_000
    assert split(SPLIT, content + b"\ny") == [content, b"y"]


def test_a_line_too_large_to_be_held_is_refused(refused):
    assert refused(list, lines([b"x" * 50, b"\n", b"y" * 60, b"z" * 41], largest=100))[0] == "TooLarge"
    assert len(list(lines([b"x" * 60, b"\ny", b"z" * 98, b"\n"] * 3, largest=100))) == 6


def test_a_large_file_is_split_in_little_memory(generated, within_memory):
    payload = generated(b"0123456789" * 100 + b"\r\n", 50_000_000)
    with within_memory(2_000_000):
        count = sum(1 for part in SPLIT.split(payload) if len(part) == 1000)
    assert count == payload.size // 1002


def test_large_documents_are_combined_in_little_memory(generated, within_memory):
    payload = generated(b"x" * 1000, 20_000_000)
    with within_memory(1_000_000):
        size = sum(map(len, COMBINE.combine([payload, payload])))
    assert size == 2 * payload.size + 1


def test_parts_come_before_the_end_is_read(generated):
    payload = generated(b"line\n", 10_000_000, tail=b"\xff")
    assert next(SPLIT.split(payload)) == b"line"
