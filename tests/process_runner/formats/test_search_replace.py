"""Search and replace: a text as a stream, a pattern in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import Payload
from process_runner.formats.search_replace import PatternReplace, TextReplace


def replaced(settings, content):
    return b"".join(settings.convert(Payload(content.encode() if isinstance(content, str) else content))).decode()


def test_every_occurrence_is_replaced_letter_by_letter():
    assert replaced(TextReplace(search="a.c", replace=r"\1"), "a.c abc a.c") == r"\1 abc \1"
    assert replaced(TextReplace(search="é"), "caféé") == "caf"


@given(st.text("ab", max_size=30), st.text("ab", min_size=1, max_size=3), st.text("abc", max_size=3))
def test_it_is_what_the_standard_library_does(content, search, replace):
    assert replaced(TextReplace(search=search, replace=replace), content) == content.replace(search, replace)


def test_occurrences_across_the_places_where_reading_pauses_are_found():
    content = "needle-" * 100_000
    assert replaced(TextReplace(search="needle", replace="pin"), content) == content.replace("needle", "pin")


def test_large_documents_take_little_memory(generated, within_memory):
    payload = generated(b"some text, ", 30_000_000)
    with within_memory(4_000_000):
        size = sum(map(len, TextReplace(search="text", replace="words").convert(payload)))
    assert size > payload.size


def test_a_pattern_may_use_groups():
    settings = PatternReplace(pattern=r"(?i)order-(\d+)", replace=r"<\1>")
    assert replaced(settings, "Order-1, ORDER-22") == "<1>, <22>"


def test_a_wrong_pattern_is_refused_before_anything_runs():
    with pytest.raises(ValueError, match="no regular expression: "):
        PatternReplace(pattern="(")


def test_a_group_that_does_not_exist_is_a_document_error(refused):
    assert refused(replaced, PatternReplace(pattern="a", replace=r"\1"), "a")[0] == "InvalidPattern"
    assert refused(replaced, PatternReplace(pattern="a", replace=r"\g<x>"), "a")[0] == "InvalidPattern"


def test_a_document_too_large_for_a_pattern_is_refused_with_what_works(refused):
    code, message = refused(replaced, PatternReplace(pattern="a", largest=1), b"x" * (2 << 20))
    assert code == "TooLarge"
    assert "`search`" in message


def test_encodings():
    assert replaced(TextReplace(search="é", replace="e", encoding="latin-1"), b"caf\xe9") == "cafe"
    assert replaced(PatternReplace(pattern=".$", replace="e", encoding="utf-16"), "café".encode("utf-16")) == "cafe"
