"""Text with a separator between its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process_runner.formats.text import TextCombine, TextSplit, pieces


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", []),
        ("a", ["a"]),
        ("a---b", ["a", "b"]),
        ("---a---", ["", "a", ""]),
        ("a----b", ["a", "-b"]),
        ("\ufeffa---b", ["a", "b"]),
    ],
)
def test_what_a_part_is(split, content, parts):
    settings = TextSplit(format="text", separator="---")
    assert split(settings, content) == [part.encode() for part in parts]


def test_a_separator_may_hold_line_ends_and_any_character(split):
    assert split(TextSplit(format="text", separator="\n§\n"), "a\n§\nb§c") == [b"a", "b§c".encode()]


def test_an_empty_separator_is_refused():
    with pytest.raises(ValueError, match="separator"):
        TextSplit(format="text", separator="")


def test_header_separator_and_footer(combine):
    settings = TextCombine(format="text", header="<", separator="|", footer=">")
    assert combine(settings, "a", "", "c") == b"<a||c>"
    assert combine(settings) == b"<>"
    assert combine(TextCombine(format="text"), "a", "b") == b"ab"


def test_byte_order_marks_do_not_end_up_in_the_middle(combine):
    assert combine(TextCombine(format="text"), b"\xef\xbb\xbfa", b"\xef\xbb\xbfb") == b"ab"


def test_a_document_that_is_not_text_is_named(combine, refused):
    settings = TextCombine(format="text")
    assert refused(combine, settings, "a", b"\xff\xfe")[1].startswith("document 2: byte 0 (0xff)")


@given(st.lists(st.text("ab", max_size=3), min_size=1), st.sampled_from(["ab", "aa", "aba", "a"]))
def test_parts_are_the_same_wherever_chunks_are_cut(words, separator):
    content = "".join(words).encode()
    one_by_one = [content[at : at + 1] for at in range(len(content))]
    expected = content.split(separator.encode()) if content else []
    assert list(pieces(one_by_one, separator.encode())) == expected
    assert list(pieces([content] if content else [], separator.encode())) == expected


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff|")), min_size=2))
def test_splitting_what_was_combined_gives_the_parts_back(split, combine, parts):
    combined = combine(TextCombine(format="text", separator="|"), *parts)
    assert split(TextSplit(format="text", separator="|"), combined) == [part.encode() for part in parts]


def test_a_part_too_large_to_be_held_is_refused(refused):
    assert refused(list, pieces([b"x" * 50, b"|", b"y" * 60, b"z" * 41], b"|", largest=100))[0] == "TooLarge"
    assert len(list(pieces([b"x" * 60, b"|y", b"z" * 98, b"|"] * 3, b"|", largest=100))) == 7


def test_a_large_file_is_split_in_little_memory(generated, within_memory):
    payload = generated(b"x" * 1000 + b"\n---\n", 50_000_000)
    with within_memory(2_000_000):
        assert sum(1 for _ in TextSplit(format="text", separator="\n---\n").split(payload)) > 40_000
